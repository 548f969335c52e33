import { writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { appError } from '../errors.js'
import { withFile } from '../file-failure.js'
import type { FieldMap } from '../lists/parse-map.js'
import { makeFolder } from '../make-folder.js'
import type { Ruleset } from '../match/ruleset.js'
import { shippedStandard } from '../match/standard/standard-ruleset.js'
import type { BegunMatching } from '../runs/match-pool.js'
import { conclude } from './conclude.js'
import { drawChart } from './draw-chart.js'
import type { Engine, Tell, VoterKeeps } from './engine.js'
import { type Evaluation, measure } from './evaluation.js'
import { measureBlocking } from './measure-blocking.js'
import { readContacts } from './read-contacts.js'
import { readKinds, readTruth } from './read-labels.js'
import { type Register, readRegister } from './read-register.js'
import { writeOutcomes } from './write-outcomes.js'

export interface EvaluateRequest {
  readonly voters: string
  readonly contacts: string
  readonly truth: string
  readonly mapVoters?: FieldMap
  readonly mapContacts?: FieldMap
  /** two letters */
  readonly state: string
  /** to learn: from the two files, without the truth */
  readonly ruleset: Ruleset | 'to_learn'
  /** from this score on the rules link */
  readonly threshold: number
  readonly voterKeeps: VoterKeeps
  readonly threads?: number
  /** what sets contacts apart from their voters */
  readonly errors?: string
  readonly out?: string
  readonly chart?: string
  readonly signal: AbortSignal
  readonly note: (text: string) => void
  /** Runs a task of which progress is shown. */
  readonly watch: <A>(task: string, work: (tell: Tell) => Promise<A>) => Promise<A>
}

/**
 * Matches a labelled list without a store and measures what comes of it. Throws what reading the files and the engine say,
 * INTERRUPTED.
 */
export const evaluate = async (engine: Engine, request: EvaluateRequest): Promise<Evaluation> => {
  const { out, chart } = request
  for (const file of [out, chart]) if (file !== undefined) await makeFolder(dirname(file))
  const register = await timed(request, 'reading the voters', (tell) =>
    readRegister(
      { file: request.voters, state: request.state, signal: request.signal, ...mapped(request.mapVoters) },
      tell,
    ),
  )
  const practised = request.ruleset === 'to_learn' ? shippedStandard : request.ruleset
  let begun: BegunMatching | undefined
  const begin = (contacts: number): void => {
    begun = engine.begin(
      register.result,
      contacts,
      { ruleset: practised, threshold: request.threshold },
      request.threads,
    )
  }
  try {
    return await evaluateOn(register, { engine, request, begin, begun: () => begun })
  } finally {
    await begun?.close()
  }
}

interface Evaluating {
  readonly engine: Engine
  readonly request: EvaluateRequest
  /** called when the contacts are counted */
  readonly begin: (contacts: number) => void
  readonly begun: () => BegunMatching | undefined
}

const evaluateOn = async (
  register: Timed<Register>,
  { engine, request, begin, begun }: Evaluating,
): Promise<Evaluation> => {
  const { signal, note, threshold, threads, voterKeeps, out, chart } = request
  const { index, rejected, notes } = register.result
  if (rejected > 0)
    note(`${rejected} rows of ${request.voters} were rejected: without an SVID of their own, or malformed`)
  const { result: list } = await timed(request, 'reading the contacts', (tell) =>
    readContacts({ file: request.contacts, signal, onCounted: begin, ...mapped(request.mapContacts) }, tell),
  )
  for (const text of [...notes, ...list.notes]) note(text)
  const truth = await readTruth(request.truth, list, index, signal)
  const kinds = request.errors === undefined ? undefined : await readKinds(request.errors, list, signal)
  const { result: trained, seconds: trainSeconds } = await timed(request, 'learning', async (tell) =>
    request.ruleset === 'to_learn'
      ? engine.train(index, list.packed, tell)
      : { ruleset: request.ruleset, notes: undefined },
  )
  const { ruleset, notes: trainNotes } = trained
  for (const text of trainNotes ?? []) note(text)
  const ahead = begun()
  const { result: matched, seconds: matchSeconds } = await timed(request, 'matching', (onProgress) =>
    engine.match(register.result, list.packed, ruleset, {
      ...{ threshold, voterKeeps, onProgress },
      ...(threads === undefined ? {} : { threads }),
      ...(ahead === undefined ? {} : { begun: ahead }),
    }),
  )
  const { scored, concluded, greedy } = conclude(matched, index.voters, ruleset, threshold)
  if (greedy > 0) note(`${greedy} contacts hang together by too many voters: there the surest pairs went first`)
  const measures = measure(scored, concluded, truth, kinds)
  if (out !== undefined) await writeOutcomes(out, list.ids, scored, concluded, index)
  if (chart !== undefined) {
    await withFile(chart, () => writeFile(chart, drawChart(measures.calibration, `Calibration of ${ruleset.name}`)))
  }
  const peakRssMiB = Math.round(process.resourceUsage().maxRSS / 1024)
  const blocking =
    ruleset.kind === 'tiers'
      ? undefined
      : await timed(request, 'measuring the blocking', (tell) => measureBlocking(index, list.packed, truth, tell))
  const rate = (count: number): number => Math.round(count / Math.max(matchSeconds, 0.001))
  return {
    ...{ contacts: list.ids.length, voters: index.voters, rejectedVoters: rejected, setAside: list.setAside },
    ...{ ruleset: ruleset.name, kind: ruleset.kind, threshold, oneToOne: voterKeeps === 'one contact' },
    ...{
      trainSeconds: request.ruleset === 'to_learn' ? trainSeconds : 0,
      indexSeconds: register.seconds,
      matchSeconds,
    },
    ...{ contactsPerSecond: rate(list.ids.length), pairsPerSecond: rate(scored.pairs) },
    ...(trainNotes === undefined ? {} : { trainNotes }),
    peakRssMiB,
    ...measures,
    ...(blocking === undefined ? {} : { blocking: blocking.result }),
  }
}

const mapped = (map: FieldMap | undefined): { readonly map?: FieldMap } => (map === undefined ? {} : { map })

interface Timed<A> {
  readonly result: A
  readonly seconds: number
}

/** Shows a task's progress, which is also where it is interrupted, and takes its time. */
const timed = async <A>(
  { signal, watch }: EvaluateRequest,
  task: string,
  work: (tell: Tell) => Promise<A>,
): Promise<Timed<A>> => {
  const began = performance.now()
  const result = await watch(task, (tell) =>
    work((done, total) => {
      if (signal.aborted) throw appError('INTERRUPTED', `interrupted while ${task}`)
      tell(done, total)
    }),
  )
  return { result, seconds: Math.round(performance.now() - began) / 1000 }
}
