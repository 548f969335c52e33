import { Worker } from 'node:worker_threads'
import { builtFile } from '../built-file.js'
import type { AppError } from '../errors.js'
import type { StoredEvent } from '../store/event-store.js'
import type { Message } from './message.js'

/** What the thread starts with. */
export interface FoldStart {
  readonly url: string
  readonly prefix: string
  readonly maxMessageBytes: number
}

/** A batch as it crosses to the thread: text parses in less time than a structured clone of what it says takes. */
export interface FoldTask {
  readonly after: number
  readonly events: readonly Pick<StoredEvent, 'position' | 'stream' | 'revision' | 'body'>[]
}

/** Messages of the rows that a batch changes. */
export interface ChangeMessages {
  readonly links: readonly Message[]
  readonly pids: readonly Message[]
}

export type FoldAnswer = ChangeMessages | 'folded' | 'rolled back' | { readonly failure: AppError }

export interface LinkFolder {
  /** As `LinkTables.fold`, on a thread of its own; one batch after the other. */
  readonly fold: (
    after: number,
    events: readonly StoredEvent[],
    publish: (changes: Promise<ChangeMessages>) => Promise<void>,
  ) => Promise<void>
  readonly close: () => Promise<unknown>
}

interface Waiting<A> {
  readonly promise: Promise<A>
  readonly resolve: (value: A) => void
  readonly reject: (error: unknown) => void
}

const waiting = <A>(): Waiting<A> => {
  let resolve: (value: A) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<A>((done, failed) => {
    resolve = done
    reject = failed
  })
  // met by whoever waits for it, not as an unhandled rejection
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}

/**
 * Folding beside sending: of 17 s for 437,000 messages on two cores Node was busy for 16, ten of them in kafkajs.
 * Decoding, folding and its COPY are the thread's.
 */
export const foldLinksAside = (start: FoldStart): LinkFolder => {
  const worker = new Worker(builtFile(import.meta.url, './fold-links-worker.js'), {
    workerData: start,
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  })
  let changes = waiting<ChangeMessages>()
  let ended = waiting<void>()
  const fail = (error: unknown): void => {
    changes.reject(error)
    ended.reject(error)
  }
  worker.on('message', (answer: FoldAnswer) => {
    if (answer === 'folded' || answer === 'rolled back') ended.resolve()
    else if ('failure' in answer) fail(answer.failure)
    else changes.resolve(answer)
  })
  worker.on('error', fail)
  worker.on('exit', (code) => fail(new Error(`the thread that folds links ended with code ${code}`)))
  return {
    fold: async (after, events, publish) => {
      changes = waiting()
      ended = waiting()
      const task: FoldTask = {
        after,
        events: events.map(({ position, stream, revision, body }) => ({ position, stream, revision, body })),
      }
      worker.postMessage(task)
      try {
        await publish(changes.promise)
      } catch (error) {
        worker.postMessage(false)
        await ended.promise.catch(() => undefined)
        throw error
      }
      worker.postMessage(true)
      await ended.promise
    },
    close: () => worker.terminate(),
  }
}
