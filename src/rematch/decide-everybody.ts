import { availableParallelism } from 'node:os'
import type { Decision } from '../../events/matchbook.js'
import type { Claim } from '../decide/assign.js'
import type { RejectedPair } from '../decide/entry.js'
import { proposeFrom } from '../match/propose.js'
import type { Ruleset } from '../match/ruleset.js'
import { proposesLink } from '../match/scored-chunk.js'
import { textOf, type VoterIndex } from '../match/voter-index.js'
import type { Client } from '../postgres/connect.js'
import type { ScoredPlace } from '../runs/build-decision.js'
import { claimOf } from '../runs/conclude.js'
import { type Matcher, matcherFor, type OpenMatcher } from '../runs/match-pool.js'
import { type PersonColumns, personColumns } from '../runs/person-columns.js'
import type { JudgedPerson } from '../runs/score-persons.js'
import { shareOut } from '../runs/share-out.js'
import { readAhead } from '../store/read-ahead.js'
import type { LoadedIndex } from '../voters/load-index.js'
import { growingMatcher } from './growing-matcher.js'
import { loadStandings, type StandingRow, standingsSql, standingsValues } from './load-standings.js'
import { evidenceOf } from './recorded-evidence.js'
import { type RecordedRows, recordedRows } from './recorded-rows.js'
import type { Shortcut } from './shortcut.js'
import type { Tally } from './tally.js'
import { type VoterNumbers, voterNumbers } from './voter-numbers.js'

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
  /** who matches; this process unless given */
  readonly openMatcher?: OpenMatcher
  readonly signal?: AbortSignal
  readonly onPerson?: (persons: number) => void
}

const chunkSize = 1_000

/** What is found of everybody before the voters are shared out. */
interface Found extends Pick<Everybody, 'columns' | 'recorded'> {
  readonly places: (ScoredPlace | undefined)[]
  readonly judged: JudgedPerson[]
  readonly voters: VoterNumbers
  rejections: number
}

/**
 * Reads every person once and finds what the rules propose: from the decision in force where the shortcut says that
 * matching would find the same, by matching otherwise. Then shares the voters out over all of them.
 */
export const decideEverybody = async (client: Client, deciding: Deciding): Promise<Everybody> => {
  const found: Found = {
    ...{ columns: personColumns(), places: [], recorded: recordedRows(), judged: [], voters: voterNumbers() },
    rejections: 0,
  }
  await readEverybody(client, deciding, found)
  const { places, voters, ...rest } = found
  const indexes = places.length > 0 ? (await deciding.indexes()).map(({ index }) => index) : []
  places.forEach((place, row) => {
    if (place !== undefined && proposesLink(place.chunk, place.place)) voters.set(row, bestVoter(place, indexes))
  })
  return { ...rest, places, holders: holdersOf(found), voterNumber: voters.of }
}

const readEverybody = async (client: Client, deciding: Deciding, found: Found): Promise<void> => {
  const { tenant, ruleset, threshold, shortcut, signal } = deciding
  const { threads = availableParallelism(), openMatcher = matcherFor } = deciding
  const matching = growingMatcher(deciding.indexes, { ruleset, threshold }, threads, openMatcher)
  const underWay: Promise<void>[] = []
  // gathered to whole chunks: a few of each batch would cost a message each, and threads for persons who are soon matched
  const toMatch: ToMatch[] = []
  const startMatching = async (persons: readonly ToMatch[]): Promise<void> => {
    const matcher = await matching.next()
    const matched = matchRows(matcher, persons, found.places)
    // it is awaited in its turn; failing earlier, it would end the whole process as a failure that nobody awaits
    matched.catch(() => undefined)
    underWay.push(matched)
    if (underWay.length > matcher.width) await underWay.shift()
  }
  try {
    const values = standingsValues(tenant, shortcut.trusted, ruleset)
    const standings = loadStandings(client, standingsSql(shortcut.reads), values, chunkSize)
    for await (const rows of readAhead(standings)) {
      signal?.throwIfAborted()
      toMatch.push(...sortOut(rows, deciding, found))
      if (toMatch.length >= chunkSize) await startMatching(toMatch.splice(0))
      deciding.onPerson?.(rows.length)
    }
    if (toMatch.length > 0) await startMatching(toMatch)
    await Promise.all(underWay)
  } finally {
    await matching.close()
  }
}

/** A person who is to be matched, and its row in the columns. */
interface ToMatch {
  readonly standing: StandingRow
  readonly row: number
}

/** Takes in who stands by a verdict or by the decision in force, and answers the others. */
const sortOut = (standings: readonly StandingRow[], deciding: Deciding, found: Found): readonly ToMatch[] => {
  const toMatch: ToMatch[] = []
  for (const standing of standings) {
    found.rejections += rejectedPairs(standing).length
    if (standing.entry?.verdict != null) {
      found.judged.push({ person: judgedPerson(standing), entry: standing.entry })
      continue
    }
    deciding.tally.before(standing)
    const { id, version, position: order, sha: inForce } = standing
    const row = found.columns.add({ id, version, order, inForce })
    if (deciding.shortcut.stands(standing)) takeRecorded(row, standing, deciding, found)
    else toMatch.push({ standing, row })
  }
  return toMatch
}

const takeRecorded = (
  row: number,
  standing: StandingRow,
  { ruleset, threshold }: Deciding,
  { recorded, voters }: Found,
): void => {
  const evidence = evidenceOf(standing)
  const proposal = proposeFrom(evidence, ruleset, threshold)
  recorded.set(row, standing, proposal, evidence.score)
  if (proposal[0] === 'linked') voters.set(row, wantedVoter(standing))
}

/** Who holds each voter that several want or that a human has given somebody, by the voter's number. */
const holdersOf = ({ columns, places, recorded, judged, voters }: Found): ReadonlyMap<number, string> => {
  const claim = (row: number): Claim => {
    const place = places[row]
    if (place !== undefined) return claimOf(columns, row, place)
    return { personId: columns.id(row), verified: false, score: recorded.score(row), order: columns.order(row) }
  }
  const holders = new Map(shareOut(columns.count(), voters.of, claim))
  for (const { person, entry } of judged) {
    if (entry.verdict !== null) holders.set(voters.number(`${entry.verdict.state}:${entry.verdict.svid}`), person.id)
  }
  return holders
}

const judgedPerson = ({ id, version, position, contacts, sha, voter, entry }: StandingRow): JudgedPerson['person'] => ({
  ...{
    id,
    version,
    order: position,
    contacts: contacts ?? '[]',
    inForce: sha,
    voters: voter === null ? [] : [voter],
    entry,
  },
})

/** The voter that a recorded decision links or would link. */
const wantedVoter = ({ voter, decision }: StandingRow): string => {
  if (voter !== null) return voter
  const [best] = (JSON.parse(decision!) as Decision).candidates
  return `${best!.state}:${best!.svid}`
}

const bestVoter = ({ chunk, place }: ScoredPlace, indexes: readonly VoterIndex[]): string => {
  const at = chunk.starts[place]!
  const index = indexes[chunk.file[at]!]!
  return `${index.state}:${textOf(index.svids, chunk.row[at]! + 1)}`
}

const rejectedPairs = ({ entry, version }: StandingRow): readonly RejectedPair[] =>
  (entry?.rejected ?? []).filter((pair) => pair.inputVersion === version)

const matchRows = async (
  matcher: Matcher,
  persons: readonly ToMatch[],
  places: (ScoredPlace | undefined)[],
): Promise<void> => {
  const chunk = await matcher.match(
    persons.map(({ standing }) => ({ contacts: standing.contacts ?? '[]', excluded: rejectedPairs(standing) })),
  )
  persons.forEach(({ row }, place) => {
    places[row] = { chunk, place }
  })
}
