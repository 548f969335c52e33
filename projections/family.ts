import type { DomainEvent, EventType } from '../events/catalogue.js'
import type { Client } from '../src/postgres/connect.js'
import type { StoredEvent } from '../src/store/event-store.js'
import type { RowSet } from './row-set.js'
import type { Table } from './table.js'

/** An event in its place of the store, decoded. */
export type Placed<E extends DomainEvent = DomainEvent> = Pick<StoredEvent, 'position' | 'stream' | 'revision'> & {
  readonly event: E
}

/** The union's members of these types. */
export type EventNamed<K extends EventType> = Extract<DomainEvent, { readonly type: K }>

/** Tables that are folded together, because one fold reads or writes several of them. */
export interface Family {
  readonly name: string
  readonly tables: readonly Table[]
  /**
   * The net row changes that these events, in position order, make to the tables as they stand in `schema`. Reads those
   * tables alone, and nothing but the events besides: no clock, no ids, no other family's tables.
   */
  readonly fold: (client: Client, schema: string, events: readonly Placed[]) => Promise<readonly RowSet[]>
}
