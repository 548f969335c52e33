import { setImmediate } from 'node:timers/promises'
import { isLeft } from 'fp-ts/lib/Either.js'
import { canonicalJson, type Json } from '../../events/canonical-json.js'
import type { VoterFileRef } from '../../events/matchbook.js'
import { sha256Hex } from '../../events/sha256.js'
import { appError, orThrow } from '../errors.js'
import { askedFiles } from '../match/asked-rows.js'
import type { PreparedContact } from '../match/prepared.js'
import { type LearntRuleset, learnRuleset } from '../match/standard/learn-ruleset.js'
import { loadScope } from '../runs/load-scope.js'
import { preparePerson } from '../runs/prepare-person.js'
import type { Workplace } from '../workplace.js'
import { currentVoterFiles, type LoadIndex, noVoterFile } from './rules-in-force.js'
import { type NamedRuleset, publishOwnRuleset, refuseName } from './rulesets.js'

export interface TrainRequest {
  /** two letters; needed where voter files of several states are current */
  readonly state?: string
  /** name of the new ruleset; without one it is named by its weights */
  readonly save?: string
  readonly loadIndex: LoadIndex
  readonly signal: AbortSignal
  readonly onProgress: (done: number, of: number) => void
}

export interface Trained extends NamedRuleset, Omit<LearntRuleset, 'ruleset'>, VoterFileRef {
  readonly voters: number
  readonly persons: number
}

/**
 * Learns weights from the tenant's persons against a current voter file and publishes them as a ruleset; puts nothing in
 * force. Throws VOTER_FILE_NOT_FOUND, PERSON_NOT_FOUND without persons, BAD_USAGE where a state must be named, BAD_RULESET for the name,
 * NOTHING_LEARNT, INTERRUPTED.
 */
export const trainRuleset = async (deps: Workplace, request: TrainRequest): Promise<Trained> => {
  const { signal, onProgress, save } = request
  if (save !== undefined) refuseName(save)
  await deps.catchUp()
  const files = await currentVoterFiles(deps)
  const file = fileOf(files, request.state)
  const { persons, contacts } = await contactsAsking(deps, files, file, signal)
  if (persons === 0) {
    throw appError(
      'PERSON_NOT_FOUND',
      `no person of ${deps.tenant} is looked for in ${file.state}: import a list first`,
    )
  }
  const { index } = await request.loadIndex(file)
  const learntOn = `${contacts.length} contacts × ${index.voters} voters, ${file.state} ${file.voterFile}`
  const learnt = await learnRuleset({ name: 'trained', learntOn }, index, contacts, async (done, of) => {
    // lets a signal in, as all is done on this thread
    await setImmediate()
    if (signal.aborted) throw appError('INTERRUPTED', 'interrupted while learning')
    onProgress(done, of)
  })
  if (isLeft(learnt)) throw appError('NOTHING_LEARNT', `no ruleset was made: ${learnt.left}`, { ...file })
  const { ruleset: unnamed, ...how } = learnt.right
  const byWeights = `trained-${sha256Hex(canonicalJson(unnamed as unknown as Json)).slice(0, 8)}`
  const published = await publishOwnRuleset(deps, { ...unnamed, name: save ?? byWeights })
  return { ...published, ...how, ...file, voters: index.voters, persons }
}

const fileOf = (files: readonly VoterFileRef[], state: string | undefined): VoterFileRef => {
  const [first, ...others] = state === undefined ? files : files.filter((file) => file.state === state)
  if (first !== undefined && others.length === 0) return first
  if (files.length === 0) throw noVoterFile()
  const states = files.map((file) => file.state).join(', ')
  if (first === undefined) {
    throw appError('VOTER_FILE_NOT_FOUND', `no voter file of ${state} is published; there are some of ${states}`)
  }
  throw appError('BAD_USAGE', `voter files of ${states} are current: say with --state which one to learn from`)
}

const batchSize = 1_000

/** The contacts of all persons that a run would look for in this file. */
const contactsAsking = async (
  { db, tenant }: Workplace,
  files: readonly VoterFileRef[],
  file: VoterFileRef,
  signal: AbortSignal,
): Promise<{ readonly persons: number; readonly contacts: readonly PreparedContact[] }> => {
  const contacts: PreparedContact[] = []
  let persons = 0
  await orThrow(
    db.transaction(async (client) => {
      for await (const batch of loadScope(client, tenant, { kind: 'all' }, batchSize)) {
        if (signal.aborted) throw appError('INTERRUPTED', 'interrupted while reading the persons')
        for (const { contacts: raw } of batch) {
          const person = preparePerson({ contacts: raw, excluded: [] })
          if (!askedFiles(person, files).includes(files.indexOf(file))) continue
          persons++
          contacts.push(...person.contacts)
        }
      }
    }),
  )
  return { persons, contacts }
}
