import type { Placed } from '../family.js'
import { keyText, RowSet } from '../row-set.js'
import type { TextRow } from '../select-by-keys.js'
import { type Claim, claimText } from './moves.js'
import { pid as pidTable } from './table.js'

/** A row of `pid` while a batch is folded. */
export interface PidRow {
  readonly pid: string
  readonly tenant: string
  readonly personId: string
  readonly position: number
  readonly isNew: boolean
  canonical: string
  claim: Claim | null
  changed: boolean
}

export const bornRow = ({ event, position }: Placed): PidRow | undefined => {
  if (event.type !== 'ContactImported' || !event.data.isNew) return undefined
  const { pid, tenant, personId } = event.data
  return { pid, tenant, personId, position, isNew: true, canonical: pid, claim: null, changed: true }
}

export const storedRow = (row: TextRow): PidRow => ({
  pid: row['pid']!,
  tenant: row['tenant']!,
  personId: row['person_id']!,
  position: Number(row['position']),
  isNew: false,
  canonical: row['canonical_pid']!,
  claim: row['state'] === null ? null : { state: row['state']!, svid: row['svid']! },
  changed: false,
})

/** The rows that a batch is about, by PID and by person. */
export interface PidRows {
  readonly byPid: Map<string, PidRow>
  readonly byPerson: Map<string, PidRow>
}

/** A row that is there already stays as it is: it may have changed since it was read. */
export const addRow = ({ byPid, byPerson }: PidRows, row: PidRow): void => {
  if (byPid.has(row.pid)) return
  byPid.set(row.pid, row)
  byPerson.set(keyText(row.tenant, row.personId), row)
}

/** The rows at each voter. */
export const groupByClaim = (rows: Iterable<PidRow>): ReadonlyMap<string, readonly PidRow[]> => {
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

export const pidChanges = (rows: Iterable<PidRow>): RowSet => {
  const set = new RowSet(pidTable)
  for (const { pid, tenant, personId, canonical, claim, position, isNew, changed } of rows) {
    if (!changed) continue
    const columns = {
      pid,
      tenant,
      person_id: personId,
      canonical_pid: canonical,
      state: claim?.state ?? null,
      svid: claim?.svid ?? null,
      position,
    }
    if (isNew) set.add(columns)
    else set.replace(pid, columns)
  }
  return set
}
