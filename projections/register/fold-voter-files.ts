import { canonicalJson } from '../../events/canonical-json.js'
import type { EventOf } from '../../events/catalogue.js'
import { badEvent } from '../bad-event.js'
import type { EventNamed, Placed } from '../family.js'
import { keyText, type Row, RowSet } from '../row-set.js'
import type { RowReader } from '../rows.js'
import { voterFile } from './tables.js'

type VoterFileEvent = EventNamed<'VoterFilePublished' | 'VoterFileWithdrawn'>

const publishedRow = ({ data, meta }: EventOf<'VoterFilePublished'>, position: number): Row => ({
  state: data.state,
  voter_file: data.voterFile,
  rows: data.rows,
  rejected: data.rejected,
  masked: data.masked,
  columns: canonicalJson(data.columns),
  source_name: data.sourceName,
  source_hash: data.sourceHash,
  format: data.format,
  as_of: data.asOf ?? null,
  published_at: meta.recordedAt,
  published_position: position,
  withdrawn_at: null,
})

/** The newest published file of each state that is not withdrawn. */
const currentFiles = (rows: Iterable<Row>): ReadonlySet<Row> => {
  const newest = new Map<string, Row>()
  for (const row of rows) {
    if (row['withdrawn_at'] !== null) continue
    const best = newest.get(String(row['state']))
    if (best === undefined || Number(row['published_position']) > Number(best['published_position'])) {
      newest.set(String(row['state']), row)
    }
  }
  return new Set(newest.values())
}

export const voterFileChanges = async (reader: RowReader, all: readonly Placed[]): Promise<RowSet> => {
  const events = all.filter(
    (placed): placed is Placed<VoterFileEvent> =>
      placed.event.type === 'VoterFilePublished' || placed.event.type === 'VoterFileWithdrawn',
  )
  const states = [...new Set(events.map(({ event }) => event.data.state))].map((state) => ({ state }))
  const stored = await reader.select(voterFile, ['state'], states)
  const rows = new Map<string, Row>(stored.map((row) => [keyText(row['state']!, row['voter_file']!), row]))
  for (const placed of events) {
    const { event, position } = placed
    const key = keyText(event.data.state, event.data.voterFile)
    const before = rows.get(key)
    if (event.type === 'VoterFilePublished') rows.set(key, publishedRow(event, position))
    else if (before === undefined) throw badEvent(placed, `voter file ${event.data.voterFile} was never published`)
    else rows.set(key, { ...before, withdrawn_at: event.meta.recordedAt })
  }
  const current = currentFiles(rows.values())
  const set = new RowSet(voterFile)
  for (const [key, row] of rows) set.replace(key, { ...row, current: current.has(row) })
  return set
}
