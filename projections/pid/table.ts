import { columnsOf, type Table } from '../table.js'

/**
 * Every PID ever given, and the one it resolves to: the earliest person's among all persons, of all tenants, that are
 * linked to (or a duplicate at) the same voter; its own for everybody else.
 */
export const pid: Table = {
  name: 'pid',
  version: 1,
  held: true,
  columns: columnsOf({
    pid: 'text not null',
    tenant: 'text not null',
    person_id: 'uuid not null',
    canonical_pid: 'text not null',
    state: 'text',
    svid: 'text',
    'position*': 'bigint not null',
  }),
  key: ['pid'],
  indexes: [
    { columns: ['tenant', 'person_id'], folded: true },
    { columns: ['state', 'svid'], folded: true },
  ],
}
