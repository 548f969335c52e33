import { isNumber } from './street-tokens.js'

/** Numbered roads after USPS Publication 28, appendix F: the form it gives, and other spellings. */
const table = `
US HIGHWAY=US HIGHWAY,US HWY,US ROUTE,US RTE,US RT,US,HIGHWAY US,HWY US,US RD
STATE ROAD=STATE ROAD,STATE RD,ST ROAD,ST RD,SR
STATE ROUTE=STATE ROUTE,STATE RTE,STATE RT,ST ROUTE,ST RTE,ST RT
STATE HIGHWAY=STATE HIGHWAY,STATE HWY,ST HIGHWAY,ST HWY,SH
COUNTY ROAD=COUNTY ROAD,COUNTY RD,CO ROAD,CO RD,CNTY ROAD,CNTY RD,CTY ROAD,CTY RD,CR
COUNTY HIGHWAY=COUNTY HIGHWAY,COUNTY HWY,CO HIGHWAY,CO HWY,CNTY HWY,CTY HWY
COUNTY ROUTE=COUNTY ROUTE,COUNTY RTE,COUNTY RT,CO ROUTE,CO RTE,CO RT
INTERSTATE=INTERSTATE HIGHWAY,INTERSTATE HWY,INTERSTATE,I,IH
HIGHWAY=HIGHWAY,HWY,HIWAY,HIWY
ROUTE=ROUTE,RTE,RT
FM=FM,FM ROAD,FM RD,FARM TO MARKET,FARM TO MARKET ROAD,FARM TO MARKET RD
RM=RM,RANCH TO MARKET
RANCH ROAD=RANCH ROAD,RANCH RD
TOWNSHIP ROAD=TOWNSHIP ROAD,TOWNSHIP RD,TWP ROAD,TWP RD,TSR
FOREST ROAD=FOREST ROAD,FOREST RD
PRIVATE ROAD=PRIVATE ROAD,PRIVATE RD`

interface Spelling {
  readonly words: readonly string[]
  readonly standard: string
}

/** Spellings by their first word, longest first. */
const spellingsByFirst = new Map<string, Spelling[]>()
for (const row of table.trim().split('\n')) {
  const [standard = '', spellings = ''] = row.split('=')
  for (const spelling of spellings.split(',')) {
    const words = spelling.split(' ')
    const first = words[0]!
    spellingsByFirst.set(first, [...(spellingsByFirst.get(first) ?? []), { words, standard }])
  }
}
for (const spellings of spellingsByFirst.values()) spellings.sort((a, b) => b.words.length - a.words.length)

const variants: ReadonlyMap<string, string> = new Map([
  ['OLD', 'OLD'],
  ['ALT', 'ALT'],
  ['ALTERNATE', 'ALT'],
  ['BUS', 'BUS'],
  ['BUSINESS', 'BUS'],
  ['TRUCK', 'TRUCK'],
])

/** Roads that have letters instead of numbers: COUNTY ROAD KK. */
const lettered: ReadonlySet<string> = new Set(['COUNTY ROAD', 'COUNTY HIGHWAY', 'HIGHWAY', 'STATE HIGHWAY'])

const isRoadNumber = (token: string, standard: string): boolean => {
  if (token === 'A1A') return true
  const last = token.charCodeAt(token.length - 1)
  const digits = last > 64 && last < 91 ? token.slice(0, -1) : token
  if (isNumber(digits)) return true
  return lettered.has(standard) && (token.length === 1 || (token.length === 2 && token[0] === token[1]))
}

export interface Highway {
  readonly street: string
  /** index of the first token behind it */
  readonly next: number
}

const matches = (tokens: readonly string[], at: number, words: readonly string[]): boolean => {
  for (let i = 0; i < words.length; i++) if (tokens[at + i] !== words[i]) return false
  return true
}

/** Reads a numbered road at `at` ('US HWY 1', 'SR 60', 'I 95', 'OLD COUNTY RD 512', 'US 19 ALT'); undefined elsewhere. */
export const highwayAt = (tokens: readonly string[], at: number): Highway | undefined => {
  const variant = variants.get(tokens[at]!)
  const start = variant === undefined ? at : at + 1
  if (tokens[at] === 'A1A') return { street: 'A1A', next: at + 1 }
  for (const { words, standard } of spellingsByFirst.get(tokens[start]!) ?? []) {
    const number = tokens[start + words.length]
    if (number === undefined || !matches(tokens, start, words) || !isRoadNumber(number, standard)) continue
    let next = start + words.length + 1
    let street = `${variant === undefined ? '' : `${variant} `}${standard} ${number}`
    if (tokens[next] === 'HWY' || tokens[next] === 'HIGHWAY') next++
    const behind = variants.get(tokens[next] ?? '')
    if (behind !== undefined && behind !== 'OLD') {
      street += ` ${behind}`
      next++
    }
    return { street, next }
  }
  return undefined
}
