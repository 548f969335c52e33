import type { Random } from './random.js'
import { nicknames } from './tables/nicknames.js'

const byFormal: ReadonlyMap<string, readonly string[]> = new Map(
  nicknames
    .trim()
    .split('\n')
    .map((line) => {
      const [formal, ...short] = line.split(' ')
      return [formal!, short]
    }),
)

export const hasNickname = (first: string): boolean => byFormal.has(first)

/** What friends call somebody of that name, the usual form more often than the others; the name itself if nothing else. */
export const pickNickname = (first: string, random: Random): string => {
  const short = byFormal.get(first)
  if (short === undefined) return first
  return random.chance(0.55) ? short[0]! : random.pick(short)
}
