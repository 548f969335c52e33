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

/** A batch as it crosses to the thread, in columns: 2.5 ms of processor time for 2,500 events, against 3.4 as objects. */
export interface FoldTask {
  readonly after: number
  readonly positions: readonly number[]
  readonly streams: readonly string[]
  readonly revisions: readonly number[]
  /** a line each, without `pii`, as they are published */
  readonly texts: string
}

/** Kafka has what was folded up to a position. */
export interface SentWord {
  readonly sent: number
}

/** Messages of the rows that a batch changes. */
export interface ChangeMessages {
  readonly links: readonly Message[]
  readonly pids: readonly Message[]
}

/** `copied`: the copy of the tables stands there. */
export type FoldAnswer = ChangeMessages | { readonly copied: number } | { readonly failure: AppError }

export interface LinkFolder {
  /**
   * Folds a batch, behind those that it was handed before, into the copy of the tables, which waits for `sent`. `texts` are
   * the events without their `pii`.
   */
  readonly fold: (after: number, events: readonly StoredEvent[], texts: readonly string[]) => Promise<ChangeMessages>
  /** Kafka has what was folded up to here: the copy may follow. */
  readonly sent: (position: number) => void
  /** Waits until the copy stands where Kafka does. */
  readonly settle: () => Promise<void>
  /** What Kafka has not is not in the copy. */
  readonly close: () => Promise<unknown>
}

const taskOf = (after: number, events: readonly StoredEvent[], texts: readonly string[]): FoldTask => ({
  after,
  positions: events.map(({ position }) => position),
  streams: events.map(({ stream }) => stream),
  revisions: events.map(({ revision }) => revision),
  texts: texts.join('\n'),
})

interface Waiting<A> {
  readonly resolve: (value: A) => void
  readonly reject: (error: unknown) => void
}

/**
 * Folding beside sending: of 17 s for 437,000 messages on two cores Node was busy for 16, ten of them in kafkajs.
 * Decoding, folding and its COPY are the thread's, which is a batch ahead of what is sent: folded between two
 * transactions, the half of folding that is waiting for Postgres stood still for both.
 */
export const foldLinksAside = (start: FoldStart): LinkFolder => {
  const worker = new Worker(builtFile(import.meta.url, './fold-links-worker.js'), {
    workerData: start,
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  })
  const folding: Waiting<ChangeMessages>[] = []
  const settling: Waiting<void>[] = []
  let [sent, copied] = [-1, -1]
  let failed: { readonly error: unknown } | undefined
  const fail = (error: unknown): void => {
    failed ??= { error }
    for (const one of [...folding.splice(0), ...settling.splice(0)]) one.reject(failed.error)
  }
  worker.on('message', (answer: FoldAnswer) => {
    if ('failure' in answer) return fail(answer.failure)
    if ('links' in answer) return folding.shift()?.resolve(answer)
    copied = answer.copied
    if (copied >= sent) for (const one of settling.splice(0)) one.resolve()
  })
  worker.on('error', fail)
  worker.on('exit', (code) => fail(new Error(`the thread that folds links ended with code ${code}`)))

  const waitIn = <A>(list: Waiting<A>[]): Promise<A> => {
    if (failed !== undefined) return Promise.reject(failed.error)
    const promise = new Promise<A>((resolve, reject) => list.push({ resolve, reject }))
    // met by whoever waits for it, not as an unhandled rejection
    promise.catch(() => undefined)
    return promise
  }
  return {
    fold: (after, events, texts) => {
      worker.postMessage(taskOf(after, events, texts))
      return waitIn(folding)
    },
    sent: (position) => {
      sent = position
      const word: SentWord = { sent }
      worker.postMessage(word)
    },
    settle: async () => {
      if (copied < sent) await waitIn(settling)
    },
    close: () => worker.terminate(),
  }
}
