import type { VoterFileRef } from '../../../events/matchbook.js'
import { importStream } from '../../../events/streams.js'
import { placed } from '../../../projections/read-events.js'
import { appError, isAppError, orThrow } from '../../errors.js'
import type { Ruleset } from '../../match/ruleset.js'
import type { VoterIndex } from '../../match/voter-index.js'
import type { LoadIndex } from '../../rules/rules-in-force.js'
import { decodeRuleset } from '../../rules/rulesets.js'
import type { StoredEvent } from '../../store/event-store.js'
import { artifactPath } from '../../voters/artifact.js'
import { readVoters } from '../../voters/read-voters.js'
import type { Workplace } from '../../workplace.js'
import type { Evidence, VoterRow } from './evidence.js'
import { gatherEvidence } from './gather-evidence.js'
import { personOf } from './reproduce-decision.js'
import { type Story, type StoryDecision, storyOf } from './story.js'

export interface GatherDeps extends Pick<Workplace, 'db' | 'store' | 'tenant'> {
  readonly dataDir: string
  readonly loadIndex: LoadIndex
}

/** Everything that one person's bundle shows. */
export interface PersonContent {
  readonly stored: readonly StoredEvent[]
  readonly story: Story
  readonly rulesets: ReadonlyMap<string, Ruleset>
  readonly evidence: readonly Evidence[]
  readonly rows: readonly VoterRow[]
}

/** As it was up to a position. Throws PERSON_NOT_FOUND, and what the store and the voter files say. */
export const gatherPerson = async (deps: GatherDeps, personId: string, upTo: number): Promise<PersonContent> => {
  const positions = (await ownPositions(deps, personId)).filter((position) => position <= upTo)
  const own = await orThrow(deps.store.readEvents(positions))
  const before = storyOf(personId, inOrder(own).map(placed))
  if (before === undefined) throw appError('PERSON_NOT_FOUND', `there is no person ${personId}`, { personId })
  const stored = inOrder([...own, ...(await orThrow(deps.store.readEvents(await rulePositions(deps, before))))])
  const rulesets = new Map(
    stored
      .map(placed)
      .flatMap(({ event }) =>
        event.type === 'RulesetPublished'
          ? [[event.data.hash, decodeRuleset(event.data.ruleset, `ruleset ${event.data.hash}`)] as const]
          : [],
      ),
  )
  const evidence: Evidence[] = []
  const loadIndex = knownIndexes(deps)
  for (const decision of before.decisions) {
    const ruleset = rulesets.get(decision.event.data.ruleset)
    const found = ruleset === undefined ? undefined : await evidenceOf(loadIndex, decision, ruleset)
    if (found !== undefined) evidence.push(found)
  }
  return { stored, story: before, rulesets, evidence, rows: await comparedRows(deps, before, evidence) }
}

const inOrder = (events: readonly StoredEvent[]): readonly StoredEvent[] =>
  [...new Map(events.map((event) => [event.position, event])).values()].sort((a, b) => a.position - b.position)

/** Of the person's rows in lists, of the lists themselves, and of every word in the ledger. */
const ownPositions = async ({ db, store, tenant }: GatherDeps, personId: string): Promise<readonly number[]> => {
  const [row] = await orThrow(
    db.query<{ contacts: readonly { readonly batch: string; readonly row: number }[] }>(
      `select contacts from matchbook.person where tenant = $1 and id = $2`,
      [tenant, personId],
    ),
  )
  const positions: number[] = []
  for (const { batch, row: revision } of row?.contacts ?? []) {
    for (const place of [0, revision]) {
      const read = store.readStream(importStream(tenant, batch), { from: place, to: place })
      for await (const [event] of read) if (event !== undefined) positions.push(event.position)
    }
  }
  const history = await orThrow(
    db.query<{ position: number }>(
      `select position from matchbook.match_history where tenant = $1 and person_id = $2`,
      [tenant, personId],
    ),
  )
  return [...new Set([...positions, ...history.map(({ position }) => position)])]
}

/** Of the runs, rulesets and voter files that the decisions name. */
const rulePositions = async ({ db, tenant }: GatherDeps, { decisions }: Story): Promise<readonly number[]> => {
  const data = decisions.map(({ event }) => event.data)
  const rows = await orThrow(
    db.query<{ position: number }>(
      `select unnest(array[started_position, completed_position]) as position from matchbook.run
        where tenant = $1 and run_id = any($2::uuid[])
       union select position from matchbook.ruleset where tenant = $1 and hash = any($3)
       union select published_position from matchbook.voter_file where voter_file = any($4)`,
      [
        tenant,
        data.map(({ runId }) => runId),
        data.map(({ ruleset }) => ruleset),
        data.flatMap(({ voterFiles }) => voterFiles.map(({ voterFile }) => voterFile)),
      ],
    ),
  )
  return rows.flatMap(({ position }) => (position === null ? [] : [position]))
}

type KnownIndexes = (ref: VoterFileRef) => Promise<VoterIndex | undefined>

/** Each index once; undefined for a file whose artifact is no longer there. */
const knownIndexes = ({ loadIndex }: GatherDeps): KnownIndexes => {
  const known = new Map<string, VoterIndex | undefined>()
  return async (ref) => {
    if (!known.has(ref.voterFile)) known.set(ref.voterFile, await indexOf(loadIndex, ref))
    return known.get(ref.voterFile)
  }
}

const indexOf = async (loadIndex: LoadIndex, ref: VoterFileRef): Promise<VoterIndex | undefined> => {
  try {
    return (await loadIndex(ref)).index
  } catch (error) {
    if (isAppError(error) && (error.code === 'VOTER_FILE_NOT_FOUND' || error.code === 'BAD_FILE')) return undefined
    throw error
  }
}

/** Undefined when a voter file, or the contacts of that time, are no longer there. */
const evidenceOf = async (
  loadIndex: KnownIndexes,
  { event, position, contacts, excluded }: StoryDecision,
  ruleset: Ruleset,
): Promise<Evidence | undefined> => {
  if (contacts === undefined) return undefined
  const indexes: VoterIndex[] = []
  for (const ref of event.data.voterFiles) {
    const index = await loadIndex(ref)
    if (index === undefined) return undefined
    indexes.push(index)
  }
  const { threshold } = event.data
  return gatherEvidence(position, { person: personOf(contacts, excluded), indexes, ruleset, threshold })
}

/** The rows of every voter that was a candidate, or that a human spoke of, in the files that were compared. */
const comparedRows = async (
  { dataDir }: GatherDeps,
  { entry, steps }: Story,
  evidence: readonly Evidence[],
): Promise<readonly VoterRow[]> => {
  const spoken = steps.flatMap(({ event: { data } }) => ('svid' in data ? [data] : []))
  const wanted = new Map<string, { state: string; voterFile: string; svids: Set<string> }>()
  for (const { state, voterFile, candidates } of evidence.flatMap(({ files }) => files)) {
    const file = wanted.get(voterFile) ?? { state, voterFile, svids: new Set<string>() }
    for (const svid of candidates) file.svids.add(svid)
    for (const one of spoken) if (one.state === state) file.svids.add(one.svid)
    if (entry.link?.state === state) file.svids.add(entry.link.svid)
    wanted.set(voterFile, file)
  }
  const rows: VoterRow[] = []
  for (const { state, voterFile, svids } of wanted.values()) {
    const found = await orThrow(readVoters(artifactPath(dataDir, { state, voterFile }), [...svids].sort()))
    for (const svid of [...svids].sort()) {
      const row = found.get(svid)
      if (row !== undefined) rows.push({ state, voterFile, svid, row })
    }
  }
  return rows
}
