import type { Entry } from '../decide/entry.js'
import { orThrow } from '../errors.js'
import { proposesLink, type ScoredChunk } from '../match/scored-chunk.js'
import { textOf } from '../match/voter-index.js'
import type { Workplace } from '../workplace.js'
import type { ScoredPlace } from './build-decision.js'
import { bookHasEntries, type Claimant, loadClaimants, loadScope, type Scope, type ScopePerson } from './load-scope.js'
import type { Matcher } from './match-pool.js'
import { type PersonColumns, personColumns } from './person-columns.js'
import type { RulesInForce } from './rules-of-run.js'

/** A person with a verdict: not matched, only looked at for changed data. */
export interface JudgedPerson {
  readonly person: ScopePerson
  readonly entry: Entry
}

/** The persons of one pass with what matching proposes for each; `places[i]` belongs to row i of `columns`. */
export interface ScoredPersons {
  readonly columns: PersonColumns
  readonly places: readonly ScoredPlace[]
  readonly judged: readonly JudgedPerson[]
  /** who wants a voter outside this pass because a human said so: voter → person */
  readonly heldByVerdict: ReadonlyMap<string, string>
}

const chunkSize = 1_000
const votersPerQuery = 10_000

interface Scoring {
  readonly deps: Workplace
  readonly rules: RulesInForce
  readonly matcher: Matcher
  readonly signal: AbortSignal | undefined
  readonly onScored: (persons: number) => void
}

/**
 * Scores the persons of a scope, and with them every person who shares a voter with one of them, now or by the new
 * proposal: who keeps a voter can only be said when all who want it are decided under the same rules.
 */
export const scorePersons = async (scoring: Scoring, scope: Scope): Promise<ScoredPersons> => {
  const columns = personColumns()
  const places: ScoredPlace[] = []
  const judged: JudgedPerson[] = []
  const heldByVerdict = new Map<string, string>()
  const seen = new Set<string>()
  const asked = new Set<string>()
  // with an empty book, or everybody in scope, nobody outside can want a voter: nothing to remember
  const closed = scope.kind === 'all' || !(await bookHasEntries(scoring.deps.db, scoring.deps.tenant))
  let next: Scope | undefined = scope
  while (next !== undefined) {
    const touched = new Set(next.kind === 'persons' ? next.voters : [])
    await scoreScope(scoring, next, { columns, places, judged, seen, touched, closed })
    next = undefined
    const voters = [...touched].filter((voter) => !asked.has(voter))
    for (const voter of voters) asked.add(voter)
    const others = await claimantsOf(scoring, voters)
    const ids: string[] = []
    for (const other of others) {
      if (other.verdict) heldByVerdict.set(other.voter, other.id)
      else if (!seen.has(other.id)) ids.push(other.id)
    }
    if (ids.length > 0) next = { kind: 'persons', ids }
  }
  for (const { person, entry } of judged) {
    if (entry.verdict !== null) heldByVerdict.set(`${entry.verdict.state}:${entry.verdict.svid}`, person.id)
  }
  return { columns, places, judged, heldByVerdict }
}

interface Collected {
  readonly columns: PersonColumns
  readonly places: ScoredPlace[]
  readonly judged: JudgedPerson[]
  readonly seen: Set<string>
  /** voters held before or proposed now */
  readonly touched: Set<string>
  readonly closed: boolean
}

const scoreScope = async (scoring: Scoring, scope: Scope, collected: Collected): Promise<void> => {
  const { deps, matcher, signal } = scoring
  const underWay: Promise<void>[] = []
  await orThrow(
    deps.db.transaction(async (client) => {
      for await (const persons of loadScope(client, deps.tenant, scope, chunkSize)) {
        signal?.throwIfAborted()
        const fresh = persons.filter(({ id }) => !collected.seen.has(id))
        const toMatch = sortOut(fresh, collected)
        const rows = toMatch.map((person) => collected.columns.add(person))
        if (!collected.closed) for (const { id } of fresh) collected.seen.add(id)
        const matching = matchRows(scoring, toMatch, rows, collected)
        // it is awaited in its turn; failing earlier, it would end the whole process as a failure that nobody awaits
        matching.catch(() => undefined)
        underWay.push(matching)
        if (underWay.length > matcher.width) await underWay.shift()
      }
      await Promise.all(underWay)
    }),
  )
}

/** Persons to match; those with a verdict go to `judged`. */
const sortOut = (persons: readonly ScopePerson[], { judged, touched, closed }: Collected): readonly ScopePerson[] => {
  const toMatch: ScopePerson[] = []
  for (const person of persons) {
    if (!closed) for (const voter of person.voters) touched.add(voter)
    if (person.entry?.verdict != null) judged.push({ person, entry: person.entry })
    else toMatch.push(person)
  }
  return toMatch
}

const matchRows = (
  scoring: Scoring,
  persons: readonly ScopePerson[],
  rows: readonly number[],
  collected: Collected,
): Promise<void> => {
  if (persons.length === 0) return Promise.resolve()
  const raw = persons.map(({ contacts, entry, version }) => ({
    contacts,
    excluded: (entry?.rejected ?? []).filter((pair) => pair.inputVersion === version),
  }))
  // whoever waits for the answer holds no person: a score of chunks is under way at once on workers of Kafka
  return takeIn(scoring, scoring.matcher.match(raw), rows, collected)
}

const takeIn = async (
  { rules, onScored }: Scoring,
  matching: Promise<ScoredChunk>,
  rows: readonly number[],
  { places, touched, closed }: Collected,
): Promise<void> => {
  const chunk = await matching
  rows.forEach((row, place) => {
    places[row] = { chunk, place }
    const at = chunk.starts[place]!
    if (closed || !proposesLink(chunk, place)) return
    const { index } = rules.indexes[chunk.file[at]!]!
    touched.add(`${index.state}:${textOf(index.svids, chunk.row[at]! + 1)}`)
  })
  onScored(rows.length)
}

const claimantsOf = async ({ deps }: Scoring, voters: readonly string[]): Promise<readonly Claimant[]> => {
  const all: Claimant[] = []
  for (let at = 0; at < voters.length; at += votersPerQuery) {
    all.push(...(await loadClaimants(deps.db, deps.tenant, voters.slice(at, at + votersPerQuery))))
  }
  return all
}
