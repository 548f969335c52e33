import { directionOf, jointDirection } from './directionals.js'
import { highwayAt } from './highways.js'
import { suffixOf } from './street-suffixes.js'
import { isNumber, isUnitId } from './street-tokens.js'

/**
 * True when no name is left from `start` on, so that the directional before is the name: NORTH ST, E ST NW, WEST AVE 5.
 * A number or letter may be the name: N HIGHWAY 27, E AVENUE H, N AVENUE 52; but WEST AVE N is West Avenue North.
 */
const isSuffixOnly = (tokens: readonly string[], start: number): boolean => {
  const kind = tokens[start]!
  if (suffixOf(kind) === undefined || highwayAt(tokens, start) !== undefined) return false
  const behind = tokens.length - start - 1
  const next = tokens[start + 1] ?? ''
  const direction = directionOf(next)
  if (behind === 0) return true
  if (behind > 1) return behind === 2 && direction !== undefined && isUnitId(tokens[start + 2]!)
  if (direction !== undefined) return kind !== 'AVENUE' || next.length > 1
  if (!isUnitId(next)) return false
  return next.length === 1 && !isNumber(next) ? !isAvenue(kind) : kind === 'ST' || tokens[0]!.length > 2
}

export const isAvenue = (token: string): boolean => token === 'AVENUE' || token === 'AVE'

interface Predirectional {
  readonly direction: string
  readonly next: number
}

const none: Predirectional = { direction: '', next: 0 }

/** The directional before a name, of one or two words, and the index of the name's first token. */
export const predirectionalOf = (tokens: readonly string[]): Predirectional => {
  const [first = '', second = ''] = tokens
  if (tokens.length < 2) return none
  const direction = directionOf(first) ?? (first === 'SO' ? 'S' : first === 'NO' && !isNumber(second) ? 'N' : undefined)
  if (direction === undefined || isSuffixOnly(tokens, 1)) return none
  const joint = jointDirection(direction, directionOf(second))
  if (joint !== undefined && tokens.length > 2 && !isSuffixOnly(tokens, 2)) return { direction: joint, next: 2 }
  return { direction, next: 1 }
}

/** A directional at the end of [start, end), of one or two words; [direction, where it begins]. */
export const postdirectionalOf = (tokens: readonly string[], start: number, end: number): readonly [string, number] => {
  const last = end - 1 > start ? directionOf(tokens[end - 1]!) : undefined
  if (last === undefined) return ['', end]
  const joint = end - 2 > start ? jointDirection(directionOf(tokens[end - 2]!), last) : undefined
  return joint === undefined ? [last, end - 1] : [joint, end - 2]
}
