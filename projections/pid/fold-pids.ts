import { badEvent } from '../bad-event.js'
import type { Step } from '../book/fold-entries.js'
import type { Placed } from '../family.js'
import type { Row, RowSet } from '../row-set.js'
import type { RowReader } from '../rows.js'
import { claimText, type Move, movesOf } from './moves.js'
import { addRow, bornRow, groupByClaim, type PidRow, type PidRows, pidChanges, storedRow } from './pid-rows.js'
import { pid as pidTable } from './table.js'

type Moves = ReadonlyMap<string, Move>

/** The voters that somebody moves to or from, as keys. */
const claimsOf = (moves: Moves): ReadonlyMap<string, Row> => {
  const claims = new Map<string, Row>()
  for (const { from, to } of moves.values()) {
    if (from !== null) claims.set(claimText(from), { state: from.state, svid: from.svid })
    if (to !== null) claims.set(claimText(to), { state: to.state, svid: to.svid })
  }
  return claims
}

/** Adds the stored rows of everybody who moves, and of everybody at a voter that somebody moves to or from. */
const loadRows = async (reader: RowReader, rows: PidRows, moves: Moves, claims: readonly Row[]): Promise<void> => {
  const movers: Row[] = []
  for (const [key, { tenant, personId }] of moves) {
    if (!rows.byPerson.has(key)) movers.push({ tenant, person_id: personId })
  }
  const moving = await reader.select(pidTable, ['tenant', 'person_id'], movers)
  const met = await reader.select(pidTable, ['state', 'svid'], claims)
  for (const row of [...moving, ...met]) addRow(rows, storedRow(row))
}

const move = ({ byPerson }: PidRows, moves: Moves): void => {
  for (const [key, { to }] of moves) {
    const row = byPerson.get(key)
    // a person without a PID of its own has nothing to resolve
    if (row === undefined) continue
    row.claim = to
    row.canonical = row.pid
    row.changed = true
  }
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

/** New PIDs, and the PIDs of persons that moved to or from a voter with everybody else who is there. Throws BAD_EVENT. */
export const foldPids = async (
  reader: RowReader,
  events: readonly Placed[],
  steps: readonly Step[],
): Promise<RowSet> => {
  const rows: PidRows = { byPid: new Map(), byPerson: new Map() }
  for (const placed of events) {
    const born = bornRow(placed)
    if (born === undefined) continue
    if (rows.byPid.has(born.pid)) throw badEvent(placed, `PID ${born.pid} was given before`)
    addRow(rows, born)
  }
  const moves = movesOf(steps)
  const claims = claimsOf(moves)
  await loadRows(reader, rows, moves, [...claims.values()])
  move(rows, moves)
  for (const [claim, members] of groupByClaim(rows.byPid.values())) if (claims.has(claim)) resolve(members)
  return pidChanges(rows.byPid.values())
}
