import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { canonicalJson, type Json } from './canonical-json.js'
import { catalogue, type DomainEvent, type EventType, isEventType, Meta } from './catalogue.js'
import { Uuid } from './primitives.js'
import { sha256 } from './sha256.js'
import { upcast } from './upcast.js'
import { visible } from './visible.js'

/** What a store keeps of an event: `body` is the canonical JSON that was hashed, `sha256` the hash of its UTF-8 bytes. */
export interface EncodedEvent {
  readonly id: string
  readonly type: EventType
  readonly body: string
  readonly sha256: Buffer
  readonly recordedAt: string
}

export const encodeEvent = (event: DomainEvent): EncodedEvent => {
  const body = canonicalJson(event as unknown as Json)
  return {
    id: event.id,
    type: event.type,
    body,
    sha256: sha256(body),
    recordedAt: event.meta.recordedAt,
  }
}

/** A failing path with its value, as all checks of what comes from outside say it: `data.row: 0 (not a row number)`. */
export const failing = (path: string, value: unknown, why: string): string => {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value)
  return visible(`${path || 'value'}: ${text?.slice(0, 80) ?? 'undefined'} (${why})`)
}

/** Every failing path with its value; a place in an array counts as a part of the path, a member of a union does not. */
export const failingPaths = (errors: t.Errors): string =>
  errors
    .map(({ context, value, message }) => {
      const path = context
        .filter(({ key }, i) => key !== '' && !isMember(context[i - 1]))
        .map(({ key }) => key)
        .join('.')
      return failing(path, value, message ?? `not ${context.at(-1)?.type.name ?? 'valid'}`)
    })
    .join('; ')

const isMember = (parent: t.ContextEntry | undefined): boolean => {
  const tag = (parent?.type as { readonly _tag?: string } | undefined)?._tag
  return tag === 'UnionType' || tag === 'IntersectionType'
}

/** Reads a stored body: parses, lifts older schema versions, checks against the catalogue. Left: what is wrong, path by path. */
export const decodeEvent = (body: string): Either<string, DomainEvent> => {
  const raw = parsed(body)
  return raw._tag === 'Left' ? raw : decodeParsed(raw.right)
}

/** As decodeEvent, for a text that says everything but `pii`. */
export const decodeWithoutPii = (text: string): Either<string, Omit<DomainEvent, 'pii'>> => {
  const raw = parsed(text)
  return raw._tag === 'Left' ? raw : decodeParts(raw.right, ['id', 'meta', 'data'])
}

const parsed = (body: string): Either<string, unknown> => {
  try {
    return right(JSON.parse(body))
  } catch (error) {
    return left(`not JSON: ${(error as Error).message}`)
  }
}

/** As decodeEvent, for a body that is parsed already. */
export const decodeParsed = (raw: unknown): Either<string, DomainEvent> =>
  decodeParts(raw, ['id', 'meta', 'data', 'pii'])

type Part = 'id' | 'meta' | 'data' | 'pii'

const decodeParts = (raw: unknown, parts: readonly Part[]): Either<string, DomainEvent> => {
  const lifted = upcast(raw)
  if (lifted._tag === 'Left') return lifted
  const event = lifted.right
  if (!isEventType(event.type)) return left(`type: ${JSON.stringify(event.type)} (not in the catalogue)`)
  const entry: { readonly data: t.Mixed; readonly pii?: t.Mixed } = catalogue[event.type]
  const codecs: Readonly<Record<Part, t.Mixed | undefined>> = { id: Uuid, meta: Meta, data: entry.data, pii: entry.pii }
  for (const part of parts) {
    const [codec, value] = [codecs[part], event[part]]
    // no codec of the catalogue changes a value: asking whether it is one takes a third of decoding it
    if (codec === undefined || codec.is(value)) continue
    const result = codec.decode(value)
    if (result._tag === 'Left') return left(`${event.type}.${part}.${failingPaths(result.left)}`)
  }
  return right(event as unknown as DomainEvent)
}
