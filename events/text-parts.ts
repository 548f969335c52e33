import type { EncodedEvent } from './encode.js'

/** Types by the million, whose `data` has no part that looks like an event's own id and meta. */
const manyTypes: readonly string[] = ['ContactImported', 'ContactRejected', 'MatchDecided']

/** Places in an event's text. */
export interface TextParts {
  /** the JSON of `data` begins here, behind `{"data":` */
  readonly data: number
  readonly dataEnd: number
  /** behind the JSON of `meta` */
  readonly metaEnd: number
  /** of `,"type":` to the text's end */
  readonly tail: number
  /** schema version */
  readonly v: number
}

const data = '{"data":'.length

/**
 * Where the parts of an event's canonical text stand (data, id, meta, pii, type, v, in this order), found without parsing
 * it. Undefined for other than the many types, and when the text does not say the id, type and time that stand beside it.
 * What is found is right for a text that was written here: a quotation mark inside a text is escaped.
 */
export const textParts = ({ body, id, type, recordedAt }: Omit<EncodedEvent, 'sha256'>): TextParts | undefined => {
  if (!manyTypes.includes(type)) return undefined
  const own = body.indexOf(`},"id":"${id}","meta":{`)
  if (own < 0) return undefined
  // its last key
  const time = body.indexOf('"recordedAt":"', own)
  const tail = body.lastIndexOf(',"type":"')
  if (!body.startsWith(`"recordedAt":"${recordedAt}"}`, time)) return undefined
  const version = `,"type":"${type}","v":`
  if (!body.startsWith(version, tail)) return undefined
  const metaEnd = time + `"recordedAt":"${recordedAt}"}`.length
  return { data, dataEnd: own + 1, metaEnd, tail, v: Number(body.slice(tail + version.length, -1)) }
}

const ownText = (body: string, key: string, end: number): string | undefined => {
  const at = body.lastIndexOf(key, end)
  return at < 0 ? undefined : body.slice(at + key.length, body.indexOf('"', at + key.length))
}

/**
 * Whose event it is, of a text that has parts: names and ids need no escape, and behind them `data` has no key of the same
 * name. 0.6 µs for a decision, against 2.2 for parsing `data`.
 */
export const ownerOf = (
  body: string,
  { dataEnd }: TextParts,
): { readonly tenant?: string; readonly personId?: string } => {
  const tenant = ownText(body, '"tenant":"', dataEnd)
  const personId = ownText(body, '"personId":"', dataEnd)
  return { ...(tenant === undefined ? {} : { tenant }), ...(personId === undefined ? {} : { personId }) }
}
