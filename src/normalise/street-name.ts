import { directionOf, jointDirection } from './directionals.js'
import { isAvenue, postdirectionalOf, predirectionalOf } from './directionals-around.js'
import { highwayAt } from './highways.js'
import { joinWords } from './join-words.js'
import { spelledOut, suffixOf } from './street-suffixes.js'
import { isUnitId } from './street-tokens.js'
import { spanishStreets, suffixAt } from './suffix-at.js'
import { joinIds } from './take-unit.js'

/** A street's name in its parts; `unit` is a unit's number that stood behind it without a designator. */
export interface StreetName {
  readonly predirectional: string
  readonly street: string
  readonly suffix: string
  readonly postdirectional: string
  readonly unit: string
}

/** Words inside a name in one spelling: SAINT JOHNS is ST JOHNS, MT VERNON is MOUNT VERNON, MLK is spelled out. */
const nameOf = (tokens: readonly string[], start: number, end: number): string => {
  let name = ''
  for (let i = start; i < end; i++) {
    // Last in a name of several words it is no saint: MAIN ST EXT.
    const word = tokens[i] === 'ST' && i > start && i === end - 1 ? 'STREET' : nameWord(tokens[i]!)
    name = i === start ? word : `${name} ${word}`
  }
  return name
}

const nameWord = (token: string): string => {
  if (token === 'SAINT') return 'ST'
  return token === 'MLK' ? 'MARTIN LUTHER KING' : spelledOut(token)
}

const unitOf = (tokens: readonly string[], start: number): string => {
  let unit = ''
  for (let i = start; i < tokens.length; i++) unit = joinIds(unit, tokens[i]!)
  return unit
}

/** Everything from `from` on is a unit's number: at most two tokens. */
const isUnitTail = (tokens: readonly string[], from: number): boolean => {
  if (tokens.length - from > 2) return false
  for (let i = from; i < tokens.length; i++) if (!isUnitId(tokens[i]!)) return false
  return true
}

/** What follows a name that is already read: a directional and a unit's number, and nothing else. */
const finishAt = (
  predirectional: string,
  street: string,
  suffix: string,
  tokens: readonly string[],
  next: number,
): StreetName | undefined => {
  const direction = next < tokens.length ? directionOf(tokens[next]!) : undefined
  const joint = direction === undefined ? undefined : jointDirection(direction, directionOf(tokens[next + 1] ?? ''))
  const from = next + (joint !== undefined ? 2 : direction !== undefined ? 1 : 0)
  if (!isUnitTail(tokens, from)) return undefined
  return { predirectional, street, suffix, postdirectional: joint ?? direction ?? '', unit: unitOf(tokens, from) }
}

const readHighway = (predirectional: string, tokens: readonly string[], start: number): StreetName | undefined => {
  const highway = highwayAt(tokens, start)
  if (highway === undefined) return undefined
  const plain = finishAt(predirectional, highway.street, '', tokens, highway.next)
  if (plain !== undefined) return plain
  const suffix = suffixOf(tokens[highway.next]!)
  return suffix === undefined ? undefined : finishAt(predirectional, highway.street, suffix, tokens, highway.next + 1)
}

/** AVENUE H, ROAD 68, LOOP 410: the kind of street first. N, S, E and W are letters only behind AVENUE. */
const readKindFirst = (predirectional: string, tokens: readonly string[], start: number): StreetName | undefined => {
  const kind = tokens[start]!
  const name = tokens[start + 1]
  if (name === undefined || kind === 'ST' || suffixOf(kind) === undefined || !isUnitId(name)) return undefined
  if (directionOf(name) !== undefined && !isAvenue(kind)) return undefined
  return finishAt(predirectional, `${spelledOut(kind)} ${name}`, '', tokens, start + 2)
}

const readSuffixLast = (predirectional: string, tokens: readonly string[], start: number): StreetName | undefined => {
  const n = tokens.length
  for (let units = 0; units < 3 && n - units > start + 1; units++) {
    if (units > 0 && !isUnitId(tokens[n - units]!)) return undefined
    const [postdirectional, end] = postdirectionalOf(tokens, start, n - units)
    const suffix = suffixAt(tokens, start, end - 1)
    if (suffix === undefined) continue
    const street = nameOf(tokens, start, end - 1)
    return { predirectional, street, suffix, postdirectional, unit: unitOf(tokens, n - units) }
  }
  return undefined
}

/** Names that take no suffix: a number behind them is a unit's. */
const hasUnitBehind = (tokens: readonly string[], start: number): boolean => {
  const n = tokens.length
  if (n - start < 2 || tokens[n - 1]!.length < 1 || !isUnitId(tokens[n - 1]!)) return false
  if (tokens[n - 2] === 'BROADWAY') return true
  return spanishStreets.has(tokens[start]!) && n - start > 2 && tokens[n - 1]!.length > 1
}

const readWithoutSuffix = (predirectional: string, tokens: readonly string[], start: number): StreetName => {
  const units = hasUnitBehind(tokens, start) ? 1 : 0
  const n = tokens.length - units
  const [postdirectional, end] = postdirectionalOf(tokens, start, n)
  return { predirectional, street: nameOf(tokens, start, end), suffix: '', postdirectional, unit: unitOf(tokens, n) }
}

/** Reads the tokens of a street's name, units with designators being taken out already; changes `tokens`. */
export const readStreetName = (tokens: string[]): StreetName => {
  joinWords(tokens)
  const { direction, next } = predirectionalOf(tokens)
  return (
    readHighway(direction, tokens, next) ??
    readKindFirst(direction, tokens, next) ??
    readSuffixLast(direction, tokens, next) ??
    readWithoutSuffix(direction, tokens, next)
  )
}
