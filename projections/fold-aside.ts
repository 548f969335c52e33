import { Worker } from 'node:worker_threads'
import { builtFile } from '../src/built-file.js'
import type { AppError } from '../src/errors.js'
import type { Database } from '../src/postgres/connect.js'
import type { RecordedEvent } from '../src/store/record-events.js'
import { foldInTurn, type Step } from './fold-next.js'

/** Folds a batch of events that were just appended, after those it was given before. */
export type FoldRecorded = (events: readonly RecordedEvent[]) => Promise<Step>

/** What crosses to the worker: the text parses in less time than a structured clone takes. */
export type UnreadEvent = Pick<RecordedEvent, 'position' | 'stream' | 'revision' | 'body'>

export type FoldAnswer = { readonly step: Step } | { readonly failure: AppError }

interface FoldAside {
  readonly fold: FoldRecorded
  readonly close: () => Promise<void>
}

interface Waiting {
  readonly resolve: (answer: FoldAnswer) => void
  readonly reject: (error: Error) => void
}

/** Young generation of the worker, MiB: a batch and its rows die in it. */
const youngGeneration = 96

/**
 * Folds large batches on a thread of its own, so that an import makes its next events meanwhile. Measured, 200,000
 * contacts: of 36 s, Node and Postgres were busy 20 each, and at the same time for only 4. Below `fewEvents` it is not
 * worth the worker's start (some 100 ms).
 */
export const foldAside = (db: Database, fewEvents = 1_000): FoldAside => {
  const foldHere = foldInTurn(db)
  let worker: Worker | undefined
  const waiting: Waiting[] = []
  const bury = (error: Error): void => {
    worker = undefined
    for (const { reject } of waiting.splice(0)) reject(error)
  }
  const started = (): Worker => {
    if (worker !== undefined) return worker
    worker = new Worker(builtFile(import.meta.url, './fold-worker.js'), {
      workerData: { url: db.url },
      resourceLimits: { maxYoungGenerationSizeMb: youngGeneration },
    })
    worker.on('message', (answer: FoldAnswer) => waiting.shift()?.resolve(answer))
    worker.on('error', bury)
    worker.on('exit', (code) => bury(new Error(`the projections' worker ended with code ${code}`)))
    return worker
  }
  const ask = (events: readonly RecordedEvent[]): Promise<FoldAnswer> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject })
      started().postMessage(
        events.map(({ position, stream, revision, body }): UnreadEvent => ({ position, stream, revision, body })),
      )
    })
  return {
    fold: async (events) => {
      if (worker === undefined && events.length < fewEvents) return foldHere(events)
      const answer = await ask(events)
      if ('failure' in answer) throw answer.failure
      return answer.step
    },
    close: async () => {
      await worker?.terminate()
    },
  }
}
