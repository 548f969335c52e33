import { columnsOf, type Table } from '../table.js'

export const voterFile: Table = {
  name: 'voter_file',
  version: 1,
  columns: columnsOf({
    state: 'text not null',
    voter_file: 'text not null',
    rows: 'int not null',
    rejected: 'int not null',
    masked: 'int not null',
    columns: 'json not null',
    source_name: 'text not null',
    source_hash: 'text not null',
    format: 'text not null',
    as_of: 'date',
    'published_at*': 'timestamptz not null',
    'published_position*': 'bigint not null',
    'withdrawn_at*': 'timestamptz',
    /** the state's newest that is not withdrawn */
    current: 'boolean not null',
  }),
  key: ['state', 'voter_file'],
}

export const ruleset: Table = {
  name: 'ruleset',
  version: 1,
  columns: columnsOf({
    tenant: 'text not null',
    hash: 'text not null',
    name: 'text not null',
    ruleset: 'json not null',
    'published_at*': 'timestamptz not null',
    'position*': 'bigint not null',
  }),
  key: ['tenant', 'hash'],
}

/** Settings that differ from their default; one that is set to null has no row. */
export const integrationSetting: Table = {
  name: 'integration_setting',
  version: 1,
  columns: columnsOf({
    tenant: 'text not null',
    key: 'text not null',
    value: 'jsonb not null',
    'since*': 'bigint not null',
    'changed_at*': 'timestamptz not null',
  }),
  key: ['tenant', 'key'],
}
