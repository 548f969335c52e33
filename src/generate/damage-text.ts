import type { Random } from './random.js'

const keyRows = ['1234567890', 'QWERTYUIOP', 'ASDFGHJKL', 'ZXCVBNM']

const neighbours: ReadonlyMap<string, string> = new Map(
  keyRows.flatMap((row, r) =>
    [...row].map((key, i) => {
      const below = keyRows[r + 1] ?? ''
      const letters = r === 0 ? '' : (below[i] ?? '') + (below[i - 1] ?? '')
      return [key, (row[i - 1] ?? '') + (row[i + 1] ?? '') + letters] as const
    }),
  ),
)

const at = (text: string, i: number, instead: string, length = 1): string =>
  text.slice(0, i) + instead + text.slice(i + length)

/** One slip of the keyboard: a neighbouring key, two keys in the wrong order, a letter twice or not at all. */
export const mistype = (text: string, random: Random): string => {
  if (text.length < 2) return text
  const i = random.below(text.length)
  const kind = random.unit()
  if (kind < 0.35) {
    const near = neighbours.get(text[i]!)
    return near === undefined ? at(text, i, '') : at(text, i, near[random.below(near.length)]!)
  }
  if (kind < 0.58) {
    const j = Math.min(i, text.length - 2)
    return at(text, j, text[j + 1]! + text[j]!, 2)
  }
  return kind < 0.8 ? at(text, i, '') : at(text, i, text[i]! + text[i]!)
}

/** What a scanner reads for what was written; each also the other way round where it happens. */
const misread: readonly (readonly [string, string])[] = [
  ['M', 'RN'],
  ['RN', 'M'],
  ['D', 'CL'],
  ['CL', 'D'],
  ['O', '0'],
  ['L', '1'],
  ['I', '1'],
  ['I', 'L'],
  ['S', '5'],
  ['B', '8'],
  ['Z', '2'],
  ['G', '6'],
  ['W', 'VV'],
  ['H', 'B'],
  ['E', 'F'],
  ['U', 'V'],
  ['0', 'O'],
  ['1', 'I'],
  ['5', 'S'],
  ['8', 'B'],
]

/** One misreading of a scanned form; the text itself where nothing in it looks like something else. */
export const misscan = (text: string, random: Random): string => {
  const possible = misread.filter(([from]) => text.includes(from))
  if (possible.length === 0) return text
  const [from, to] = random.pick(possible)
  const places = [...text.matchAll(new RegExp(from, 'g'))]
  return at(text, random.pick(places).index, to, from.length)
}
