import type { Decision, MatchType } from '../../events/matchbook.js'
import { withHolder } from '../decide/assign.js'
import type { Ruleset } from '../match/ruleset.js'
import type { VoterIndex } from '../match/voter-index.js'
import type { Client } from '../postgres/connect.js'
import { buildDecision, decisionOf } from '../runs/build-decision.js'
import { concludeScored } from '../runs/conclude.js'
import type { Everybody } from './decide-everybody.js'
import type { Before, Change } from './plan.js'
import type { Tally } from './tally.js'
import { changeWords, kindOf } from './words.js'

interface Under {
  readonly tenant: string
  readonly ruleset: Ruleset
  readonly threshold: number
  /** none are needed when nobody was matched */
  readonly indexes: readonly VoterIndex[]
}

/** A person whose decision changes: matched, it has its decision; else what makes one of the decision in force. */
interface Changed {
  readonly personId: string
  readonly decide: (inForce: Decision | undefined) => Decision
}

/** Goes through everybody, and answers whom the rules decide otherwise. */
function* changed(all: Everybody, { ruleset, indexes }: Under, tally: Tally): Generator<Changed> {
  const { columns, places, recorded, holders } = all
  for (let row = 0; row < columns.count(); row++) {
    const personId = columns.id(row)
    const holder = holders.get(all.voterNumber(row))
    const place = places[row]
    if (place !== undefined) {
      const proposal = buildDecision(place, indexes, ruleset)
      const { decision, changed } = concludeScored(columns, row, place, proposal, holder, indexes)
      tally.after(decision.outcome, decision.score)
      if (changed) yield { personId, decide: () => decision }
      continue
    }
    const proposal = recorded.proposal(row)
    const isLost = proposal[0] === 'linked' && holder !== undefined && holder !== personId
    tally.after(isLost ? 'duplicate' : proposal[0], recorded.score(row))
    if (recorded.standsAs(row, holder, personId)) continue
    const decide = (inForce: Decision | undefined): Decision => {
      const { candidates, candidateCount } = inForce!
      const decision = decisionOf(candidates, candidateCount ?? candidates.length, proposal)
      return proposal[0] === 'linked' ? withHolder(decision, personId, holder ?? personId) : decision
    }
    yield { personId, decide }
  }
}

const batchSize = 500

/** The lines of a plan for persons whom the rules decide. `client` reads the snapshot that they were decided by. */
export async function* changesOf(client: Client, all: Everybody, under: Under, tally: Tally): AsyncGenerator<Change> {
  let batch: Changed[] = []
  for (const one of changed(all, under, tally)) {
    batch.push(one)
    if (batch.length < batchSize) continue
    yield* changeLines(client, batch, under)
    batch = []
  }
  yield* changeLines(client, batch, under)
}

interface StoredRow {
  readonly id: string
  readonly pid: string
  readonly version: string
  readonly outcome: Before['outcome'] | null
  readonly reason: Before['reason']
  readonly state: string | null
  readonly svid: string | null
  readonly match_type: MatchType | null
  readonly score: number | null
  readonly duplicate_of: string | null
  readonly decision: Decision | null
}

async function* changeLines(client: Client, batch: readonly Changed[], under: Under): AsyncGenerator<Change> {
  if (batch.length === 0) return
  const { rows } = await client.query<StoredRow>(
    `select p.id, p.pid, p.version, b.outcome, b.reason, b.state, b.svid, b.match_type, b.score, b.duplicate_of, b.decision
       from matchbook.person p
       left join matchbook.book b on b.tenant = p.tenant and b.person_id = p.id
      where p.tenant = $1 and p.id = any($2::uuid[])`,
    [under.tenant, batch.map(({ personId }) => personId)],
  )
  const stored = new Map(rows.map((row) => [row.id, row]))
  for (const { personId, decide } of batch) {
    const row = stored.get(personId)!
    const after = decide(row.decision ?? undefined)
    const before = beforeOf(row)
    const why = changeWords(before, after, under)
    yield { personId, pid: row.pid, kind: kindOf(before, after), why, before, after, inputVersion: row.version }
  }
}

const beforeOf = (row: StoredRow): Before | null => {
  const { outcome, reason, state, svid, score } = row
  if (outcome === null) return null
  return {
    outcome,
    reason,
    ...(state === null ? {} : { state }),
    ...(svid === null ? {} : { svid }),
    ...(row.match_type === null ? {} : { matchType: row.match_type }),
    ...(score === null ? {} : { score }),
    ...(row.duplicate_of === null ? {} : { duplicateOf: row.duplicate_of }),
  }
}
