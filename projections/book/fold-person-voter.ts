import type { Entry } from '../../src/decide/entry.js'
import { keyText, type Row, RowSet } from '../row-set.js'
import type { RowReader } from '../rows.js'
import type { Step } from './fold-entries.js'
import { personVoter } from './tables.js'

const linkRow = ({ tenant, personId, after }: Step): Row | undefined => {
  const { link } = after
  if (link === null) return undefined
  return {
    tenant,
    person_id: personId,
    state: link.state,
    svid: link.svid,
    match_type: link.matchType,
    match_score: link.score,
    match_details: detailsOf(after),
    matched_at: link.matchedAt,
    matched_by: link.matchedBy,
    verified_by: link.verifiedBy ?? null,
    verified_at: link.verifiedAt ?? null,
  }
}

/** What the link rests on: the levels of its candidate, how many there were, and whose word it is. */
const detailsOf = ({ link, verdict, decided }: Entry): string => {
  const decision = decided?.decision
  const candidate = decision?.candidates.find(({ state, svid }) => state === link?.state && svid === link?.svid)
  return JSON.stringify({
    levels: candidate?.levels ?? {},
    candidates: decision?.candidateCount ?? decision?.candidates.length ?? 0,
    reason: verdict?.kind ?? decision?.reason ?? null,
    ruleset: decided?.ruleset ?? null,
    threshold: decided?.threshold ?? null,
  })
}

const voterText = (tenant: string, { state, svid }: { readonly state: string; readonly svid: string }): string =>
  keyText(tenant, state, svid)

/** Voter → who holds it as stored, for the voters that these steps give to somebody or take away. */
const loadHolders = async (reader: RowReader, steps: readonly Step[]): Promise<Map<string, string>> => {
  const wanted = new Map<string, Row>()
  for (const { tenant, before, after } of steps) {
    for (const link of [before.link, after.link]) {
      if (link !== null) wanted.set(voterText(tenant, link), { tenant, state: link.state, svid: link.svid })
    }
  }
  const voter = ['tenant', 'state', 'svid']
  const rows = await reader.select(personVoter, voter, [...wanted.values()], [...voter, 'person_id'])
  return new Map(rows.map((row) => [keyText(row['tenant']!, row['state']!, row['svid']!), row['person_id']!]))
}

/**
 * Rows of `person_voter`: the links in force. A voter has one holder at any event, so whoever gets it takes it from the
 * one before, even when the ledger says the other's loss only later (two persons that change places).
 */
export const personVoterChanges = async (reader: RowReader, steps: readonly Step[]): Promise<RowSet> => {
  const set = new RowSet(personVoter)
  const holders = await loadHolders(reader, steps)
  for (const step of steps) {
    const { key, tenant, personId, before, after } = step
    if (before.link !== null) {
      const voter = voterText(tenant, before.link)
      if (holders.get(voter) === personId) {
        holders.delete(voter)
        set.remove(key, { tenant, person_id: personId })
      }
    }
    const row = linkRow(step)
    if (row === undefined || after.link === null) continue
    const voter = voterText(tenant, after.link)
    const holder = holders.get(voter)
    if (holder !== undefined) set.remove(keyText(tenant, holder), { tenant, person_id: holder })
    holders.set(voter, personId)
    set.insert(key, row)
  }
  return set
}
