import { withoutLeadingZeros } from './boxes.js'
import { directionOf } from './directionals.js'
import { suffixOf } from './street-suffixes.js'
import { isNumber, isOrdinal, isUnitId } from './street-tokens.js'
import { designatorOf, neverStreets } from './unit-designators.js'

export interface Unit {
  readonly unit_type: string
  readonly unit: string
}

const noUnit: Unit = { unit_type: '', unit: '' }

const endsInDigit = (s: string): boolean => s.charCodeAt(s.length - 1) > 47 && s.charCodeAt(s.length - 1) < 58
const startsWithDigit = (s: string): boolean => s.charCodeAt(0) > 47 && s.charCodeAt(0) < 58

/** Two parts of a unit's number in one: a hyphen only where digits would run together, so that 5-B, 5 B and 5B are one. */
export const joinIds = (a: string, b: string): string => {
  const id = withoutLeadingZeros(b)
  return endsInDigit(a) && startsWithDigit(id) ? `${a}-${id}` : a + id
}

/** FL 33101 is Florida and a ZIP. */
const isFloorId = (token: string): boolean => token.length < 4

const hasId = (tokens: readonly string[], i: number, type: string): boolean => {
  const next = tokens[i + 1]
  return next !== undefined && isUnitId(next) && (type !== 'FL' || isFloorId(next))
}

/** Something that ends a street's name stands before `i`, so that an ambiguous word there can be no part of it. */
const isBehindStreet = (tokens: readonly string[], i: number): boolean => {
  const before = tokens[i - 1]!
  return suffixOf(before) !== undefined || directionOf(before) !== undefined || isNumber(before) || isUnitId(before)
}

/** Whether a unit is designated at `i`, the words before it being the street. */
const isUnitAt = (tokens: readonly string[], i: number): boolean => {
  const designator = designatorOf(tokens[i]!)
  if (designator === undefined) return false
  const { type, kind } = designator
  const next = tokens[i + 1]
  if (kind === 'strong') return next === undefined || i > 0
  if (kind === 'numbered') return hasId(tokens, i, type) || (next === '#' && i + 2 < tokens.length)
  const ends = next === undefined || isUnitId(next) || designatorOf(next) !== undefined
  return ends && (neverStreets.has(type) || (i > 1 && isBehindStreet(tokens, i)))
}

/** Reads designators and their numbers from `start` on; words that belong to neither (a building's name) are passed over. */
const readUnit = (tokens: readonly string[], start: number): Unit => {
  let type = ''
  let unit = ''
  let mayTakeWord = false
  for (let i = start; i < tokens.length; i++) {
    const token = tokens[i]!
    const designator = designatorOf(token)
    const next = tokens[i + 1]
    // APT 1 REAR is apartment 1.
    if (designator?.kind === 'alone' && unit !== '' && (next === undefined || !isUnitId(next))) continue
    if (designator !== undefined && !(mayTakeWord && i === tokens.length - 1 && designator.kind === 'numbered')) {
      // A number sign behind APT says nothing new; a floor goes without saying once an apartment follows.
      const vague = designator.type === '#' && type !== '' && mayTakeWord
      if (type === 'FL' && !vague) unit = ''
      if (!vague) type = designator.type
      mayTakeWord = designator.kind === 'strong' || mayTakeWord
    } else if (mayTakeWord || isUnitId(token)) {
      unit = joinIds(unit, token)
      mayTakeWord = false
    }
  }
  if (unit !== '') return { unit_type: type, unit }
  return designatorStandsAlone(type) ? { unit_type: type, unit: '' } : noUnit
}

const designatorStandsAlone = (type: string): boolean => designatorOf(type)?.kind === 'alone'

/** '2ND FL': a floor named by an ordinal at the end. */
const takeOrdinalFloor = (tokens: string[]): Unit | undefined => {
  const n = tokens.length
  if (n < 2 || designatorOf(tokens[n - 1]!)?.type !== 'FL' || !isOrdinal(tokens[n - 2]!)) return undefined
  const [ordinal = ''] = tokens.splice(n - 2)
  return { unit_type: 'FL', unit: ordinal.slice(0, -2) }
}

const leading: ReadonlySet<string> = new Set(['#', 'APT', 'UNIT', 'STE', 'LOT', 'TRLR', 'SPC', 'RM', 'BLDG'])

/** '# 4 MAIN ST', 'APT 5 MAIN ST': a unit before the street. */
const takeLeading = (tokens: string[]): Unit | undefined => {
  const type = designatorOf(tokens[0]!)?.type
  if (type === undefined || tokens.length < 2) return undefined
  let id = 1
  while (tokens[id] === '#' || tokens[id] === 'NO') id++
  if (id >= tokens.length || !isUnitId(tokens[id]!)) return undefined
  if (id + 1 < tokens.length && designatorOf(tokens[id + 1]!) === undefined) {
    if (!leading.has(type) || tokens.length < id + 3) return undefined
    return readUnit(tokens.splice(0, id + 1), 0)
  }
  return readUnit(tokens.splice(0), 0)
}

/** Takes the designated unit out of `tokens`; both parts '' when there is none. `BLDG 3 APT 4` is APT 3-4. */
export const takeUnit = (tokens: string[]): Unit => {
  if (tokens.length === 0) return noUnit
  const first = takeOrdinalFloor(tokens) ?? takeLeading(tokens)
  if (first !== undefined) return first
  for (let i = 0; i < tokens.length; i++) {
    if (!isUnitAt(tokens, i)) continue
    return readUnit(tokens.splice(i), 0)
  }
  return noUnit
}
