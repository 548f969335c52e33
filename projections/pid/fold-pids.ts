import { type Entry, standing } from '../../src/decide/entry.js'
import type { Client } from '../../src/postgres/connect.js'
import type { Step } from '../book/fold-entries.js'
import type { Placed } from '../family.js'
import { keyText, RowSet } from '../row-set.js'
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
const claimOf = (entry: Entry): Claim | null => {
  if (entry.link !== null) return entry.link
  const now = standing(entry)
  if (now?.outcome !== 'duplicate' || now.state === undefined || now.svid === undefined) return null
  return { state: now.state, svid: now.svid }
}

const claimText = (claim: Claim | null): string => (claim === null ? '' : keyText(claim.state, claim.svid))

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
  for (const { tenant, personId, before, after } of steps) {
    const key = keyText(tenant, personId)
    const move = moves.get(key)
    if (move === undefined) moves.set(key, { tenant, personId, from: claimOf(before), to: claimOf(after) })
    else move.to = claimOf(after)
  }
  for (const [key, { from, to }] of moves) if (claimText(from) === claimText(to)) moves.delete(key)
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
    const group = groups.get(claimText(row.claim))
    if (group === undefined) groups.set(claimText(row.claim), [row])
    else group.push(row)
  }
  return groups
}

/** New PIDs, and the PIDs of persons that moved to or from a voter with everybody else who is there. */
export const foldPids = async (
  client: Client,
  schema: string,
  events: readonly Placed[],
  steps: readonly Step[],
): Promise<RowSet> => {
  const rows = new Map<string, PidRow>()
  const byPerson = new Map<string, PidRow>()
  const add = (row: PidRow): void => {
    if (rows.has(row.pid)) return
    rows.set(row.pid, row)
    byPerson.set(keyText(row.tenant, row.personId), row)
  }
  for (const placed of events) {
    const born = bornRow(placed)
    if (born !== undefined) add(born)
  }
  const moves = movesOf(steps)
  const absent = [...moves].filter(([key]) => !byPerson.has(key)).map(([, move]) => [move.tenant, move.personId])
  for (const row of await selectByKeys(client, schema, pidTable, ['tenant', 'person_id'], absent)) add(storedRow(row))
  const claims = new Map<string, Claim>()
  for (const { from, to } of moves.values())
    for (const claim of [from, to]) if (claim !== null) claims.set(claimText(claim), claim)
  const places = [...claims.values()].map(({ state, svid }) => [state, svid])
  for (const row of await selectByKeys(client, schema, pidTable, ['state', 'svid'], places)) add(storedRow(row))
  for (const [key, { to }] of moves) {
    const row = byPerson.get(key)
    // a person without a PID of its own has nothing to resolve
    if (row === undefined) continue
    row.claim = to
    row.canonical = row.pid
    row.changed = true
  }
  for (const [claim, members] of groupByClaim(rows.values())) if (claims.has(claim)) resolve(members)
  return changesOf(rows.values())
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
    if (row.isNew) set.insert(columns)
    else set.replace(columns)
  }
  return set
}
