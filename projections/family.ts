import type { DomainEvent, EventType } from '../events/catalogue.js'
import type { StoredEvent } from '../src/store/event-store.js'
import type { RowSet } from './row-set.js'
import type { RowReader } from './rows.js'
import type { Table } from './table.js'

/** An event in its place of the store, decoded. */
export type Placed<E extends DomainEvent = DomainEvent> = Pick<StoredEvent, 'position' | 'stream' | 'revision'> & {
  readonly event: E
}

/** The union's members of these types. */
export type EventNamed<K extends EventType> = Extract<DomainEvent, { readonly type: K }>

interface FamilyOf<E extends DomainEvent> {
  readonly name: string
  readonly tables: readonly Table[]
  /** what its tables are folded from; it sees no other events */
  readonly types: readonly E['type'][]
  /** those of its types of which it folds nothing personal: `pii`, most of their text, need not be read for it */
  readonly impersonal?: readonly EventType[]
  /**
   * The net row changes that these events, in position order, make to the tables as `reader` has them. Reads the family's
   * tables alone, and nothing but the events besides: no clock, no ids, no other family's tables. Changes are handed out
   * as soon as they are known, since the server takes them in meanwhile: a table may not be read after its own.
   */
  readonly fold: (reader: RowReader, events: readonly Placed<E>[]) => AsyncGenerator<RowSet>
}

/** Tables that are folded together, because one fold reads or writes several of them. Its fold takes events of any type. */
export interface Family extends Omit<FamilyOf<DomainEvent>, 'types'> {
  readonly types: ReadonlySet<EventType>
}

export const familyOf = <K extends EventType>(
  family: FamilyOf<EventNamed<K>> & { readonly types: readonly K[] },
): Family => {
  const types: ReadonlySet<EventType> = new Set(family.types)
  const isOwn = (placed: Placed): placed is Placed<EventNamed<K>> => types.has(placed.event.type)
  return { ...family, types, fold: (reader, events) => family.fold(reader, events.filter(isOwn)) }
}
