import { availableParallelism } from 'node:os'
import type { RejectedPair } from '../decide/entry.js'
import { proposeFrom } from '../match/propose.js'
import type { Ruleset } from '../match/ruleset.js'
import { proposesLink } from '../match/scored-chunk.js'
import { textOf, type VoterIndex } from '../match/voter-index.js'
import type { Client } from '../postgres/connect.js'
import type { ScoredPlace } from '../runs/build-decision.js'
import { claimOf } from '../runs/conclude.js'
import { type Matcher, matcherFor } from '../runs/match-pool.js'
import { type PersonColumns, personColumns } from '../runs/person-columns.js'
import type { JudgedPerson } from '../runs/score-persons.js'
import { shareOut } from '../runs/share-out.js'
import type { LoadedIndex } from '../voters/load-index.js'
import { VocabularyBuilder } from '../voters/vocabulary-builder.js'
import { loadStandings, type StandingRow, standingsSql, standingsValues } from './load-standings.js'
import { evidenceOf } from './recorded-evidence.js'
import { type RecordedRows, recordedRows } from './recorded-rows.js'
import type { Shortcut } from './shortcut.js'
import type { Tally } from './tally.js'

export interface Everybody {
  readonly columns: PersonColumns
  /** by row; none for a row that `recorded` has */
  readonly places: readonly (ScoredPlace | undefined)[]
  readonly recorded: RecordedRows
  readonly judged: readonly JudgedPerson[]
  /** pairs that a human has rejected, and whose person is as the human saw it */
  readonly rejections: number
  /** voter, by its number here → who holds it: a human's word, then the best of several claims */
  readonly holders: ReadonlyMap<number, string>
  readonly voterNumber: (row: number) => number
}

export interface Deciding {
  readonly tenant: string
  readonly ruleset: Ruleset
  readonly threshold: number
  readonly shortcut: Shortcut
  /** loaded when somebody must be matched or a verdict looked at: a threshold alone may need none */
  readonly indexes: () => Promise<readonly LoadedIndex[]>
  readonly tally: Tally
  readonly threads?: number
  readonly signal?: AbortSignal
  readonly onPerson?: (persons: number) => void
}

const chunkSize = 1_000
/** Chunks that are matched on this thread before others are started. */
const fewChunks = 4

/**
 * Reads every person once and finds what the rules propose: from the decision in force where the shortcut says that
 * matching would find the same, by matching otherwise. Then shares the voters out over all of them.
 */
export const decideEverybody = async (client: Client, deciding: Deciding): Promise<Everybody> => {
  const { tenant, ruleset, shortcut, signal, threads = availableParallelism() } = deciding
  const columns = personColumns()
  const places: (ScoredPlace | undefined)[] = []
  const recorded = recordedRows()
  const judged: JudgedPerson[] = []
  const voters = voterNumbers()
  let rejections = 0
  const matching = matchersOf(deciding, threads)
  const underWay: Promise<void>[] = []
  try {
    const values = standingsValues(tenant, shortcut.trusted, ruleset)
    for await (const rows of loadStandings(client, standingsSql(shortcut.reads), values, chunkSize)) {
      signal?.throwIfAborted()
      const toMatch: StandingRow[] = []
      const at: number[] = []
      for (const row of rows) {
        rejections += rejectedPairs(row).length
        if (row.entry?.verdict != null) {
          judged.push({ person: judgedPerson(row), entry: row.entry })
          continue
        }
        deciding.tally.before(row)
        const { id, version, position: order, sha: inForce } = row
        const place = columns.add({ id, version, order, inForce })
        if (!shortcut.stands(row)) {
          toMatch.push(row)
          at.push(place)
          continue
        }
        const evidence = evidenceOf(row)
        const proposal = proposeFrom(evidence, ruleset, deciding.threshold)
        recorded.set(place, row, proposal, evidence.score)
        if (proposal[0] === 'linked') voters.set(place, wantedVoter(row))
      }
      if (toMatch.length > 0) underWay.push(matchRows(await matching.next(), toMatch, at, places))
      if (underWay.length > threads) await underWay.shift()
      deciding.onPerson?.(rows.length)
    }
    await Promise.all(underWay)
  } finally {
    await matching.close()
  }
  const indexes = places.length > 0 ? (await deciding.indexes()).map(({ index }) => index) : []
  places.forEach((place, row) => {
    if (place !== undefined && proposesLink(place.chunk, place.place)) voters.set(row, bestVoter(place, indexes))
  })
  const claim = (row: number) => {
    const place = places[row]
    if (place !== undefined) return claimOf(columns, row, place)
    return { personId: columns.id(row), verified: false, score: recorded.score(row), order: columns.order(row) }
  }
  const holders = new Map(shareOut(columns.count(), voters.of, claim))
  for (const { person, entry } of judged) {
    if (entry.verdict !== null) holders.set(voters.number(`${entry.verdict.state}:${entry.verdict.svid}`), person.id)
  }
  return { columns, places, recorded, judged, rejections, holders, voterNumber: voters.of }
}

const judgedPerson = ({ id, version, position, contacts, sha, voter, entry }: StandingRow): JudgedPerson['person'] => ({
  ...{ id, version, order: position, contacts: contacts ?? '[]', inForce: sha, voter, entry },
})

/** The voter that a recorded decision links or would link. */
const wantedVoter = ({ voter, decision }: StandingRow): string => {
  if (voter !== null) return voter
  const [best] = (JSON.parse(decision!) as { candidates: { state: string; svid: string }[] }).candidates
  return `${best!.state}:${best!.svid}`
}

const bestVoter = ({ chunk, place }: ScoredPlace, indexes: readonly VoterIndex[]): string => {
  const at = chunk.starts[place]!
  const index = indexes[chunk.file[at]!]!
  return `${index.state}:${textOf(index.svids, chunk.row[at]! + 1)}`
}

/** Voters as numbers, so that those of a million persons are no million strings. */
const voterNumbers = () => {
  const names = new VocabularyBuilder()
  let numbers = new Int32Array(4096).fill(-1)
  return {
    number: (voter: string): number => names.intern(voter),
    set: (row: number, voter: string): void => {
      while (row >= numbers.length) {
        const larger = new Int32Array(numbers.length * 2).fill(-1)
        larger.set(numbers)
        numbers = larger
      }
      numbers[row] = names.intern(voter)
    },
    of: (row: number): number => numbers[row] ?? -1,
  }
}

/** The first few chunks are matched on this thread: it is done with them before others would have started. */
const matchersOf = ({ indexes, ruleset, threshold }: Deciding, threads: number) => {
  const made = new Map<'few' | 'many', Matcher>()
  let chunks = 0
  const next = async (): Promise<Matcher> => {
    const kind = ++chunks <= fewChunks ? 'few' : 'many'
    const known = made.get(kind)
    if (known !== undefined) return known
    const shared = (await indexes()).map((loaded) => loaded.shared)
    const matcher = matcherFor(kind === 'few' ? 0 : Number.POSITIVE_INFINITY, shared, { ruleset, threshold }, threads)
    made.set(kind, matcher)
    return matcher
  }
  return { next, close: () => Promise.all([...made.values()].map((matcher) => matcher.close())) }
}

const rejectedPairs = ({ entry, version }: StandingRow): readonly RejectedPair[] =>
  (entry?.rejected ?? []).filter((pair) => pair.inputVersion === version)

const matchRows = async (
  matcher: Matcher,
  rows: readonly StandingRow[],
  at: readonly number[],
  places: (ScoredPlace | undefined)[],
): Promise<void> => {
  const chunk = await matcher.match(
    rows.map((row) => ({ contacts: row.contacts ?? '[]', excluded: rejectedPairs(row) })),
  )
  at.forEach((row, place) => {
    places[row] = { chunk, place }
  })
}
