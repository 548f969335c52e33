import type { Ruleset } from '../match/ruleset.js'
import type { Client } from '../postgres/connect.js'
import { buildDecision } from '../runs/build-decision.js'
import { matcherFor } from '../runs/match-pool.js'
import { reopening } from '../runs/reopen.js'
import type { JudgedPerson } from '../runs/score-persons.js'
import type { LoadedIndex } from '../voters/load-index.js'
import type { Before, KeptVerdict, ReopenedVerdict } from './plan.js'
import { decisionWords } from './words.js'

const chunkSize = 1_000

const whyReopened = {
  person_changed: "the person's data has changed since the verdict",
  voter_changed: "the voter's data has changed since the verdict",
  voter_gone: 'the voter is no longer in the file',
} as const

/** The lines of a plan for persons who stand by a verdict: what is reopened, and what the rules would have said. */
export async function* verdictLines(
  client: Client,
  tenant: string,
  judged: readonly JudgedPerson[],
  rules: { readonly ruleset: Ruleset; readonly threshold: number },
  loaded: readonly LoadedIndex[],
): AsyncGenerator<ReopenedVerdict | KeptVerdict> {
  const indexes = loaded.map(({ index }) => index)
  const matcher = matcherFor(
    0,
    loaded.map(({ shared }) => shared),
    rules,
    1,
  )
  for (let from = 0; from < judged.length; from += chunkSize) {
    const some = judged.slice(from, from + chunkSize)
    const pids = await pidsOf(client, tenant, some)
    const chunk = await matcher.match(some.map(({ person: { contacts } }) => ({ contacts, excluded: [] })))
    for (const [place, one] of some.entries()) {
      const personId = one.person.id
      const { state, svid, kind } = one.entry.verdict!
      const subject = { personId, pid: pids.get(personId)! }
      const data = reopening(one, tenant, indexes)
      if (data !== undefined) {
        const { tenant: _t, personId: _p, ...reopens } = data
        yield { ...subject, kind: 'reopened', why: whyReopened[data.why], reopens }
      }
      const proposed = buildDecision({ chunk, place }, indexes, rules.ruleset)
      if (proposed.outcome === 'linked' && proposed.state === state && proposed.svid === svid) continue
      const why = `a human has ${kind} ${state}:${svid}, which stays; by the rules ${decisionWords(proposed, rules)}`
      const { candidates: _c, candidateCount: _n, vetoes: _v, ...said } = proposed
      yield { ...subject, kind: 'kept', why, state, svid, rules: said satisfies Before }
    }
  }
}

const pidsOf = async (
  client: Client,
  tenant: string,
  judged: readonly JudgedPerson[],
): Promise<ReadonlyMap<string, string>> => {
  const { rows } = await client.query<{ id: string; pid: string }>(
    `select id, pid from matchbook.person where tenant = $1 and id = any($2::uuid[])`,
    [tenant, judged.map(({ person }) => person.id)],
  )
  return new Map(rows.map(({ id, pid }) => [id, pid]))
}
