import { canonicalJson, type Json } from '../../events/canonical-json.js'
import type { Entry } from '../../src/decide/entry.js'
import type { Client } from '../../src/postgres/connect.js'
import { keyText, type Row, RowSet } from '../row-set.js'
import { selectByKeys } from '../select-by-keys.js'
import type { Step } from './fold-entries.js'
import { personVoter } from './tables.js'

interface Linked {
  readonly tenant: string
  readonly personId: string
}

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
  return canonicalJson({
    levels: candidate?.levels ?? {},
    candidates: decision?.candidateCount ?? decision?.candidates.length ?? 0,
    reason: verdict?.kind ?? decision?.reason ?? null,
    ruleset: decided?.ruleset ?? null,
    threshold: decided?.threshold ?? null,
  } as Json)
}

/** Who holds the voters that these steps give to somebody, as stored. */
const loadHolders = async (client: Client, schema: string, steps: readonly Step[]): Promise<Map<string, Linked>> => {
  const wanted = new Map<string, readonly string[]>()
  for (const { tenant, before, after } of steps) {
    for (const link of [before.link, after.link]) {
      if (link !== null) wanted.set(keyText(tenant, link.state, link.svid), [tenant, link.state, link.svid])
    }
  }
  const columns = ['tenant', 'person_id', 'state', 'svid']
  const rows = await selectByKeys(
    client,
    schema,
    personVoter,
    ['tenant', 'state', 'svid'],
    [...wanted.values()],
    columns,
  )
  return new Map(
    rows.map((row) => [
      keyText(row['tenant']!, row['state']!, row['svid']!),
      { tenant: row['tenant']!, personId: row['person_id']! },
    ]),
  )
}

/**
 * Rows of `person_voter`: the links in force. A voter has one holder at any event, so whoever gets it takes it from the
 * one before, even when the ledger says the other's loss only later (two persons that change places).
 */
export const personVoterChanges = async (client: Client, schema: string, steps: readonly Step[]): Promise<RowSet> => {
  const set = new RowSet(personVoter)
  const holders = await loadHolders(client, schema, steps)
  for (const step of steps) {
    const { tenant, personId, before } = step
    if (before.link !== null) {
      const voter = keyText(tenant, before.link.state, before.link.svid)
      if (holders.get(voter)?.personId === personId) {
        holders.delete(voter)
        set.remove({ tenant, person_id: personId })
      }
    }
    const row = linkRow(step)
    if (row === undefined) continue
    const voter = keyText(tenant, row['state']!, row['svid']!)
    const holder = holders.get(voter)
    if (holder !== undefined) set.remove({ tenant, person_id: holder.personId })
    holders.set(voter, { tenant, personId })
    set.insert(row)
  }
  return set
}
