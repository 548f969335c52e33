import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { isEventType, versionOf } from './catalogue.js'

/** An event as stored, before the catalogue has seen it. */
export interface RawEvent {
  readonly id: unknown
  readonly type: string
  readonly v: number
  readonly meta: unknown
  readonly data: Record<string, unknown>
  readonly pii?: Record<string, unknown>
}

/** Lifts one event type from schema version x to x + 1. Pure; never reads anything but the event. */
export type Upcaster = (event: RawEvent) => RawEvent

/** Upcasters by type; entry i lifts version i + 1 to i + 2. Events written once decode for ever. */
export type Upcasters = Readonly<Record<string, readonly Upcaster[]>>

export const upcasters: Upcasters = {}

const isRaw = (u: unknown): u is RawEvent => {
  const e = u as RawEvent | null
  return (
    typeof e === 'object' &&
    e !== null &&
    typeof e.type === 'string' &&
    typeof e.v === 'number' &&
    typeof e.data === 'object'
  )
}

/** Applies the chain from the event's version up to the current one. Left for a version from the future. */
export const upcast = (raw: unknown, chains: Upcasters = upcasters): Either<string, RawEvent> => {
  if (!isRaw(raw)) return left('not an event: type, v and data are needed')
  const chain = chains[raw.type] ?? []
  const newest = Math.max(chain.length + 1, isEventType(raw.type) ? versionOf(raw.type) : 1)
  if (raw.v > newest) return left(`${raw.type}.v: ${raw.v} is newer than this program knows (${newest})`)
  let event = raw
  for (let v = raw.v; v <= chain.length; v++) event = { ...chain[v - 1]!(event), v: v + 1 }
  return right(event)
}
