import * as t from 'io-ts'
import { imports } from './imports.js'
import { matchbook } from './matchbook.js'
import { Actor, Timestamp, Uuid } from './primitives.js'
import { registers } from './registers.js'

/** One codec per event type: `data` holds ids, levels and numbers, `pii` whatever names a person. */
export const catalogue = { ...registers, ...imports, ...matchbook } as const

type Catalogue = typeof catalogue
export type EventType = keyof Catalogue

type DataOf<K extends EventType> = t.TypeOf<Catalogue[K]['data']>
type PiiOf<K extends EventType> = Catalogue[K] extends { readonly pii: infer P extends t.Mixed }
  ? { readonly pii: t.TypeOf<P> }
  : { readonly pii?: undefined }

export const Meta = t.intersection([
  t.type({ actor: Actor, correlationId: Uuid, recordedAt: Timestamp, engine: t.string }),
  t.partial({ causationId: Uuid }),
])
export type Meta = t.TypeOf<typeof Meta>

/** An event as it is written. `v` is the schema version of its type. */
export type EventOf<K extends EventType> = {
  readonly id: string
  readonly type: K
  readonly v: number
  readonly meta: Meta
  readonly data: DataOf<K>
} & PiiOf<K>

export type DomainEvent = { [K in EventType]: EventOf<K> }[EventType]

/** The version that new events of a type are written with; 1 unless an upcaster says more. */
const currentVersions: Partial<Record<EventType, number>> = {}

export const versionOf = (type: EventType): number => currentVersions[type] ?? 1

export const isEventType = (type: string): type is EventType => Object.hasOwn(catalogue, type)
