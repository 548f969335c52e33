import { directionOf, jointDirection } from './directionals.js'
import { highwayAt } from './highways.js'
import { isTens, ordinalEnding, ordinalOf } from './ordinals.js'
import { spelledOut, suffixOf } from './street-suffixes.js'
import { isNumber, isUnitId } from './street-tokens.js'
import { joinIds } from './take-unit.js'

/** A street's name in its parts; `unit` is a unit's number that stood behind it without a designator. */
export interface StreetName {
  readonly predirectional: string
  readonly street: string
  readonly suffix: string
  readonly postdirectional: string
  readonly unit: string
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

const spanishStreets = set('AVENIDA CALLE CAMINO CAMINITO VIA PASEO CALZADA CALLEJON CIRCULO ENTRADA VEREDA PLAZA RUA')
const articles = set('DE DEL LA LAS LOS EL DI')
const spanishEndings = set('VISTA VIS PLAZA PLZ PLZA VIA')
const vistas = set('BUENA BELLA ALTA LINDA LOMA BONITA HERMOSA MONTE CHULA RIO NUEVA')

/** Joins what belongs together: U S, A 1 A, S R 60, TWENTY FIRST, 17 TH; ordinal words become numbers. */
const joinWords = (tokens: string[]): void => {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    const next = tokens[i + 1]
    if (next !== undefined && joined(tokens, i, token, next)) continue
    const ordinal = ordinalOf(token)
    if (ordinal !== undefined) tokens[i] = ordinal
  }
}

const joined = (tokens: string[], i: number, token: string, next: string): boolean => {
  const third = tokens[i + 2]
  if (token === 'U' && next === 'S') tokens.splice(i, 2, 'US')
  else if (token === 'A' && next === '1' && third === 'A') tokens.splice(i, 3, 'A1A')
  else if ((token === 'S' || token === 'C') && next === 'R' && third !== undefined && isNumber(third))
    tokens.splice(i, 2, `${token}R`)
  else if (isTens(token) && ordinalOf(token + next) !== undefined) tokens.splice(i, 2, ordinalOf(token + next)!)
  else if (isNumber(token) && isEnding(token, next, third)) tokens.splice(i, 2, token + next)
  else return false
  return true
}

/** TH and ND are nothing but endings; ST and RD only where they fit the number and a suffix follows. */
const isEnding = (number: string, next: string, third: string | undefined): boolean => {
  if (next === 'TH' || next === 'ND') return true
  if (next !== 'ST' && next !== 'RD') return false
  return third !== undefined && suffixOf(third) !== undefined && ordinalEnding(Number(number.slice(-2))) === next
}

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

const isAvenue = (token: string): boolean => token === 'AVENUE' || token === 'AVE'

interface Predirectional {
  readonly direction: string
  readonly next: number
}

const none: Predirectional = { direction: '', next: 0 }

const predirectionalOf = (tokens: readonly string[]): Predirectional => {
  const [first = '', second = ''] = tokens
  if (tokens.length < 2) return none
  const direction = directionOf(first) ?? (first === 'SO' ? 'S' : first === 'NO' && !isNumber(second) ? 'N' : undefined)
  if (direction === undefined || isSuffixOnly(tokens, 1)) return none
  const joint = jointDirection(direction, directionOf(second))
  if (joint !== undefined && tokens.length > 2 && !isSuffixOnly(tokens, 2)) return { direction: joint, next: 2 }
  return { direction, next: 1 }
}

/** Words inside a name in one spelling: SAINT JOHNS is ST JOHNS, MT VERNON is MOUNT VERNON, MLK is spelled out. */
const nameOf = (tokens: readonly string[], start: number, end: number): string => {
  let name = ''
  for (let i = start; i < end; i++) {
    const word = nameWord(tokens[i]!, i > start && i === end - 1)
    name = i === start ? word : `${name} ${word}`
  }
  return name
}

const nameWord = (token: string, isLast: boolean): string => {
  if (token === 'SAINT') return 'ST'
  if (token === 'ST' && isLast) return 'STREET'
  if (token === 'MLK') return 'MARTIN LUTHER KING'
  return spelledOut(token)
}

/** A directional at the end of [start, end), of one or two words; [direction, where it begins]. */
const postdirectionalOf = (tokens: readonly string[], start: number, end: number): readonly [string, number] => {
  const last = end - 1 > start ? directionOf(tokens[end - 1]!) : undefined
  if (last === undefined) return ['', end]
  const joint = end - 2 > start ? jointDirection(directionOf(tokens[end - 2]!), last) : undefined
  return joint === undefined ? [last, end - 1] : [joint, end - 2]
}

/** The suffix at `at`, unless the word there is part of the name: AVENIDA DE LA VISTA, BUENA VISTA, AVENUE OF THE PARK. */
const suffixAt = (tokens: readonly string[], start: number, at: number): string | undefined => {
  if (at <= start) return undefined
  const token = tokens[at]!
  const suffix = suffixOf(token)
  if (suffix === undefined) return undefined
  const before = tokens[at - 1]!
  if (before === 'THE' || before === 'OF') return undefined
  if (spanishEndings.has(token) && (articles.has(before) || vistas.has(before) || spanishStreets.has(tokens[start]!))) {
    return undefined
  }
  return suffix
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
