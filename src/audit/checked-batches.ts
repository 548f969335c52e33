import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { builtFile } from '../built-file.js'
import { type AppError, isAppError } from '../errors.js'
import type { EventStore } from '../store/event-store.js'
import { type CheckedBatch, checkBatch, type Vouched } from './check-batch.js'

export interface LogSource {
  readonly store: EventStore
  /** the database of the store, when threads may read from it too */
  readonly url?: string | undefined
  /** the signed trees that the caller compares */
  readonly vouched: Vouched
}

/** What a check worker starts with. */
export interface CheckStart {
  readonly url: string
  readonly vouched: Vouched
}

/** Positions of one task, both included. */
export interface CheckTask {
  readonly from: number
  readonly to: number
}

export type CheckAnswer = readonly CheckedBatch[] | AppError

/** Below this many events one thread is done before others have started. */
const fewEvents = 20_000
const taskSize = 2_000
/** Tasks of a thread: one that it works on, one that is next. */
const ahead = 2
const mostThreads = 4

/**
 * Every event up to a position, checked by itself, in order. Many are read and checked by threads, each with connections
 * of its own, as reading what an event says takes twice as long as getting and hashing it; memory holds some tasks.
 */
export const checkedBatches = (source: LogSource, last: number): AsyncGenerator<CheckedBatch> =>
  source.url === undefined || last < fewEvents
    ? onThisThread(source, { from: 0, to: last })
    : onThreads(source, { url: source.url, vouched: source.vouched }, last)

async function* onThisThread({ store, vouched }: LogSource, task: CheckTask): AsyncGenerator<CheckedBatch> {
  for await (const batch of store.readAll(task)) yield checkBatch(batch, vouched)
}

/** Tasks go round: one for this thread, one for each other. */
async function* onThreads(source: LogSource, start: CheckStart, last: number): AsyncGenerator<CheckedBatch> {
  const others = Math.min(mostThreads, Math.max(2, availableParallelism())) - 1
  const threads = Array.from({ length: others }, () => thread(start))
  try {
    const underWay: (Promise<CheckAnswer> | CheckTask)[] = []
    let from = 0
    for (let turn = 0; from <= last || underWay.length > 0; ) {
      for (; from <= last && underWay.length <= others * ahead; from += taskSize) {
        const task = { from, to: Math.min(last, from + taskSize - 1) }
        const other = turn++ % (others + 1)
        underWay.push(other === 0 ? task : threads[other - 1]!.ask(task))
      }
      const next = underWay.shift()!
      const answer = 'from' in next ? onThisThread(source, next) : await next
      if (isAppError(answer)) throw answer
      yield* answer as AsyncIterable<CheckedBatch> | readonly CheckedBatch[]
    }
  } finally {
    await Promise.all(threads.map(({ close }) => close()))
  }
}

const thread = (start: CheckStart) => {
  const worker = new Worker(builtFile(import.meta.url, './check-worker.js'), {
    workerData: start,
    resourceLimits: { maxYoungGenerationSizeMb: 48 },
  })
  // answers come in the order of the tasks
  const waiting: ((answer: CheckAnswer) => void)[] = []
  worker.on('message', (answer: CheckAnswer) => waiting.shift()?.(answer))
  const failed = once(worker, 'exit').then(([code]) => {
    throw new Error(`a check worker ended with code ${code}`)
  })
  // met by who waits for an answer, not as an unhandled rejection
  failed.catch(() => undefined)
  return {
    ask: (task: CheckTask): Promise<CheckAnswer> => {
      const answer = new Promise<CheckAnswer>((resolve) => waiting.push(resolve))
      worker.postMessage(task)
      const first = Promise.race([answer, failed])
      first.catch(() => undefined)
      return first
    },
    close: () => worker.terminate(),
  }
}
