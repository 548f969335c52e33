import { columnsOf, type Table } from '../table.js'

export const importBatch: Table = {
  name: 'import_batch',
  version: 1,
  columns: columnsOf({
    tenant: 'text not null',
    batch: 'text not null',
    source: 'text not null',
    file_name: 'text not null',
    list_hash: 'text not null',
    'started_at*': 'timestamptz not null',
    'completed_at*': 'timestamptz',
    rows: 'int not null',
    imported: 'int not null',
    rejected: 'int not null',
    new_persons: 'int not null',
    known_persons: 'int not null',
    last_row: 'int not null',
  }),
  key: ['tenant', 'batch'],
}

/** One row per person: the newest value that its contacts give per field. */
export const person: Table = {
  name: 'person',
  version: 1,
  columns: columnsOf({
    tenant: 'text not null',
    id: 'uuid not null',
    pid: 'text not null',
    first_name: 'text',
    middle_name: 'text',
    last_name: 'text',
    suffix: 'text',
    sex: 'text',
    birth_date: 'date',
    birth_year: 'int',
    address1: 'text',
    address2: 'text',
    city: 'text',
    state: 'text',
    zip: 'text',
    cell_phone: 'text',
    email: 'text',
    import_source: 'text not null',
    'import_date*': 'timestamptz not null',
    import_batch_id: 'text not null',
    original_data: 'jsonb not null',
    /** hex SHA-256 over the ids of the contacts that brought anything new */
    version: 'text not null',
    /** of the event that made the person: the lower, the earlier */
    'position*': 'bigint not null',
    /** what every contact said, in order: see `Contribution` */
    contacts: 'json not null',
  }),
  key: ['tenant', 'id'],
  indexes: [{ columns: ['tenant', 'pid'], unique: true }],
}

export const personCustomField: Table = {
  name: 'person_custom_field',
  version: 1,
  columns: columnsOf({
    tenant: 'text not null',
    person_id: 'uuid not null',
    field: 'text not null',
    value: 'text not null',
  }),
  key: ['tenant', 'person_id', 'field'],
}

/** Finds a known person; the first to have a key keeps it. */
export const personKey: Table = {
  name: 'person_key',
  version: 1,
  grows: true,
  columns: columnsOf({ tenant: 'text not null', key: 'uuid not null', person_id: 'uuid not null' }),
  key: ['tenant', 'key'],
}
