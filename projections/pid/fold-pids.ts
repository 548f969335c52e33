import type { Entry, Standing } from '../../src/decide/entry.js'
import type { Client } from '../../src/postgres/connect.js'
import type { Step } from '../book/fold-entries.js'
import type { Placed } from '../family.js'
import { keyText, type Row, RowSet } from '../row-set.js'
import { selectByKeys, type TextRow } from '../select-by-keys.js'
import { pid as pidTable } from './table.js'

interface Claim {
  readonly state: string
  readonly svid: string
}

interface PidRow {
  readonly pid: string
  readonly tenant: string
  readonly personId: string
  readonly position: number
  readonly isNew: boolean
  canonical: string
  claim: Claim | null
  changed: boolean
}

/** The voter that a person is taken to be: the one it is linked to, or is a duplicate at. */
const claimOf = (entry: Entry, now: Standing | null): Claim | null => {
  if (entry.link !== null) return entry.link
  if (now?.outcome !== 'duplicate' || now.state === undefined || now.svid === undefined) return null
  return { state: now.state, svid: now.svid }
}

const isSame = (a: Claim | null, b: Claim | null): boolean => a?.svid === b?.svid && a?.state === b?.state

const claimText = ({ state, svid }: Claim): string => keyText(state, svid)

const bornRow = ({ event, position }: Placed): PidRow | undefined => {
  if (event.type !== 'ContactImported' || !event.data.isNew) return undefined
  const { pid, tenant, personId } = event.data
  return { pid, tenant, personId, position, isNew: true, canonical: pid, claim: null, changed: true }
}

const storedRow = (row: TextRow): PidRow => ({
  pid: row['pid']!,
  tenant: row['tenant']!,
  personId: row['person_id']!,
  position: Number(row['position']),
  isNew: false,
  canonical: row['canonical_pid']!,
  claim: row['state'] === null ? null : { state: row['state']!, svid: row['svid']! },
  changed: false,
})

interface Move {
  readonly tenant: string
  readonly personId: string
  readonly from: Claim | null
  to: Claim | null
}

/** Persons whose voter is another one after the batch than before it. */
const movesOf = (steps: readonly Step[]): ReadonlyMap<string, Move> => {
  const moves = new Map<string, Move>()
  for (const { key, tenant, personId, before, was, after, now } of steps) {
    const from = claimOf(before, was)
    const to = claimOf(after, now)
    const move = moves.get(key)
    if (move !== undefined) move.to = to
    else if (!isSame(from, to)) moves.set(key, { tenant, personId, from, to })
  }
  for (const [key, { from, to }] of moves) if (isSame(from, to)) moves.delete(key)
  return moves
}

/** Everybody at a voter resolves to the earliest of them. */
const resolve = (members: readonly PidRow[]): void => {
  const first = members.reduce((best, row) => (row.position < best.position ? row : best))
  for (const row of members) {
    if (row.canonical === first.pid) continue
    row.canonical = first.pid
    row.changed = true
  }
}

const groupByClaim = (rows: Iterable<PidRow>): ReadonlyMap<string, readonly PidRow[]> => {
  const groups = new Map<string, PidRow[]>()
  for (const row of rows) {
    if (row.claim === null) continue
    const claim = claimText(row.claim)
    const group = groups.get(claim)
    if (group === undefined) groups.set(claim, [row])
    else group.push(row)
  }
  return groups
}

/** The rows that a batch is about, by PID and by person. */
interface PidRows {
  readonly byPid: Map<string, PidRow>
  readonly byPerson: Map<string, PidRow>
}

const addRow = ({ byPid, byPerson }: PidRows, row: PidRow): void => {
  if (byPid.has(row.pid)) return
  byPid.set(row.pid, row)
  byPerson.set(keyText(row.tenant, row.personId), row)
}

/** Adds the stored rows of everybody who moves, and of everybody at a voter that somebody moves to or from. */
const loadRows = async (
  client: Client,
  schema: string,
  rows: PidRows,
  moves: ReadonlyMap<string, Move>,
  claims: ReadonlyMap<string, Row>,
): Promise<void> => {
  const movers: Row[] = []
  for (const [key, { tenant, personId }] of moves) {
    if (!rows.byPerson.has(key)) movers.push({ tenant, person_id: personId })
  }
  const moving = await selectByKeys(client, schema, pidTable, ['tenant', 'person_id'], movers)
  const met = await selectByKeys(client, schema, pidTable, ['state', 'svid'], [...claims.values()])
  for (const row of [...moving, ...met]) addRow(rows, storedRow(row))
}

/** New PIDs, and the PIDs of persons that moved to or from a voter with everybody else who is there. */
export const foldPids = async (
  client: Client,
  schema: string,
  events: readonly Placed[],
  steps: readonly Step[],
): Promise<RowSet> => {
  const rows: PidRows = { byPid: new Map(), byPerson: new Map() }
  for (const placed of events) {
    const born = bornRow(placed)
    if (born !== undefined) addRow(rows, born)
  }
  const moves = movesOf(steps)
  const claims = new Map<string, Row>()
  for (const { from, to } of moves.values()) {
    if (from !== null) claims.set(claimText(from), { state: from.state, svid: from.svid })
    if (to !== null) claims.set(claimText(to), { state: to.state, svid: to.svid })
  }
  await loadRows(client, schema, rows, moves, claims)
  for (const [key, { to }] of moves) {
    const row = rows.byPerson.get(key)
    // a person without a PID of its own has nothing to resolve
    if (row === undefined) continue
    row.claim = to
    row.canonical = row.pid
    row.changed = true
  }
  for (const [claim, members] of groupByClaim(rows.byPid.values())) if (claims.has(claim)) resolve(members)
  return changesOf(rows.byPid.values())
}

const changesOf = (rows: Iterable<PidRow>): RowSet => {
  const set = new RowSet(pidTable)
  for (const row of rows) {
    if (!row.changed) continue
    const { pid, tenant, personId, canonical, claim, position } = row
    const columns = {
      pid,
      tenant,
      person_id: personId,
      canonical_pid: canonical,
      state: claim?.state ?? null,
      svid: claim?.svid ?? null,
      position,
    }
    if (row.isNew) set.add(columns)
    else set.replace(pid, columns)
  }
  return set
}
