import type { ScoredChunk } from '../match/scored-chunk.js'
import { translated } from '../publish/translate-error.js'
import { rulesetHash } from '../rules/rulesets.js'
import type { MatchRules } from '../runs/match-job.js'
import { fewPersons, type Matcher, matcherFor, type OpenMatcher } from '../runs/match-pool.js'
import type { RawPerson } from '../runs/prepare-person.js'
import { indexFromShared } from '../voters/shared-index.js'
import { workPartitions } from './job-board.js'
import { joinParts, type ScoredPart } from './join-parts.js'
import { mostAnswered, splitWork } from './split-work.js'
import { decodeAnswer } from './work-answer.js'
import { encodeJob, encodeRules } from './work-job.js'
import type { WorkLine, WorkLineOptions } from './work-line.js'

export type KafkaMatching = Omit<WorkLineOptions, 'states'> & { readonly signal: AbortSignal }

/**
 * Matches on the workers of Kafka: each chunk is split by the voter file that its persons ask, and put together again from
 * the answers. Who asks several files is matched in this process, as only here all of them are.
 */
export const kafkaMatching =
  ({ signal, ...options }: KafkaMatching): OpenMatcher =>
  (persons, shared, rules, threads) => {
    const here = matcherFor(persons, shared, rules, threads)
    return persons < fewPersons ? here : kafkaMatcher({ signal, ...options }, shared, rules, here)
  }

const joined = async (persons: number, parts: readonly Promise<ScoredPart>[]): Promise<ScoredChunk> =>
  joinParts(persons, await Promise.all(parts))

const kafkaMatcher = (
  { signal, ...options }: KafkaMatching,
  shared: readonly SharedArrayBuffer[],
  { ruleset, threshold }: MatchRules,
  here: Matcher,
): Matcher => {
  const files = shared.map(indexFromShared)
  const hash = rulesetHash(ruleset)
  const rulesOf = files.map(({ state, voterFile }) =>
    encodeRules({ state, voterFile, threshold, rulesetHash: hash, ruleset }),
  )
  const mostPersons = mostAnswered(ruleset)
  const open = async (): Promise<WorkLine> => {
    // who matches in this process starts a tenth of a second sooner without Kafka's client
    const { openWorkLine } = await import('./work-line.js')
    const opened = await translated(options.kafka.brokers, () =>
      openWorkLine({ ...options, states: files.map(({ state }) => state) }),
    )
    const interrupt = (): void => opened.fail(signal.reason)
    if (signal.aborted) interrupt()
    signal.addEventListener('abort', interrupt)
    return { ...opened, close: () => opened.close().finally(() => signal.removeEventListener('abort', interrupt)) }
  }

  // while the first persons are read; nobody may ask, then a failure is none
  const opening = open()
  opening.catch(() => undefined)

  const ask = async (file: number, places: readonly number[], job: Buffer): Promise<ScoredPart> => {
    const answer = await (await opening).ask(files[file]!.state, job)
    return { places, chunk: decodeAnswer(answer, file) }
  }
  const matchHere = async (all: readonly RawPerson[], places: readonly number[]): Promise<ScoredPart> => ({
    places,
    chunk: await here.match(places.map((place) => all[place]!)),
  })
  return {
    width: 2 * workPartitions,
    // no persons are held while their answers are waited for
    match: (all) => {
      const { parts, here: places } = splitWork(all, files, mostPersons)
      const scored = parts.map(({ file, places, lines }) => ask(file, places, encodeJob(rulesOf[file]!, lines)))
      if (places.length > 0 || parts.length === 0) scored.push(matchHere(all, places))
      return joined(all.length, scored)
    },
    close: async () => {
      await here.close()
      await (await opening.catch(() => undefined))?.close()
    },
  }
}
