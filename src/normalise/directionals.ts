const spellings = 'N NORTH|S SOUTH|E EAST|W WEST|NE NORTHEAST|NW NORTHWEST|SE SOUTHEAST|SW SOUTHWEST'

const directions = new Map<string, string>()
for (const row of spellings.split('|')) {
  const [standard = '', word = ''] = row.split(' ')
  directions.set(standard, standard)
  directions.set(word, standard)
}

/** N, S, E, W, NE, NW, SE or SW from an abbreviated or spelled-out directional; undefined for other words. */
export const directionOf = (token: string): string | undefined => directions.get(token)

/** NE from N and E, and so on; undefined where the two make no direction. */
export const jointDirection = (first: string | undefined, second: string | undefined): string | undefined =>
  (first === 'N' || first === 'S') && (second === 'E' || second === 'W') ? `${first}${second}` : undefined
