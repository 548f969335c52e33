import { canonicalJson, type Json } from '../../events/canonical-json.js'
import type { EventOf } from '../../events/catalogue.js'
import { badEvent } from '../bad-event.js'
import { familyOf } from '../family.js'
import { keyText, type Row, RowSet } from '../row-set.js'
import { columnsOf, type Table } from '../table.js'

const run: Table = {
  name: 'run',
  version: 1,
  columns: columnsOf({
    tenant: 'text not null',
    run_id: 'uuid not null',
    kind: 'text not null',
    ruleset: 'text not null',
    threshold: 'float8 not null',
    voter_files: 'json not null',
    persons: 'int not null',
    ledger_revision: 'bigint not null',
    'started_position*': 'bigint not null',
    'started_at*': 'timestamptz not null',
    'completed_position*': 'bigint',
    'completed_at*': 'timestamptz',
    /** of RunCompleted: every person that the run decided, changed or not */
    decided: 'int',
    linked: 'int',
    duplicate: 'int',
    review: 'int',
    unmatched: 'int',
    digest: 'text',
  }),
  key: ['tenant', 'run_id'],
}

const startedRow = ({ data, meta }: EventOf<'RunStarted'>, position: number): Row => ({
  tenant: data.tenant,
  run_id: data.runId,
  kind: data.kind,
  ruleset: data.ruleset,
  threshold: data.threshold,
  voter_files: canonicalJson(data.voterFiles as unknown as Json),
  persons: data.persons,
  ledger_revision: data.ledgerRevision,
  started_position: position,
  started_at: meta.recordedAt,
})

const completedColumns = ({ data, meta }: EventOf<'RunCompleted'>, position: number): Row => ({
  completed_position: position,
  completed_at: meta.recordedAt,
  decided: data.persons,
  linked: data.linked,
  duplicate: data.duplicate,
  review: data.review,
  unmatched: data.unmatched,
  digest: data.digest,
})

/** Runs, one row each, from start to completion. */
export const runFamily = familyOf({
  name: 'run',
  tables: [run],
  types: ['RunStarted', 'RunCompleted'],
  fold: async function* (reader, events) {
    const keys = events.map(({ event }) => ({ tenant: event.data.tenant, run_id: event.data.runId }))
    const stored = await reader.select(run, run.key, keys)
    const rows = new Map<string, Row>(stored.map((row) => [keyText(row['tenant']!, row['run_id']!), row]))
    for (const placed of events) {
      const { event, position } = placed
      const key = keyText(event.data.tenant, event.data.runId)
      const before = rows.get(key)
      if (event.type === 'RunStarted') rows.set(key, startedRow(event, position))
      else if (before === undefined) throw badEvent(placed, `run ${event.data.runId} has no RunStarted before it`)
      else rows.set(key, { ...before, ...completedColumns(event, position) })
    }
    const set = new RowSet(run)
    for (const [key, row] of rows) set.replace(key, row)
    yield set
  },
})
