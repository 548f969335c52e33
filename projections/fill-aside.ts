import { Worker } from 'node:worker_threads'
import { builtFile } from '../src/built-file.js'
import { type AppError, appError } from '../src/errors.js'
import { typesOfOthers } from './families.js'
import type { Family } from './family.js'
import type { Counts, Filling, Watch } from './fill-tables.js'

/** What a lane starts with. */
export interface LaneStart {
  /** of the database with the tables */
  readonly url: string
  readonly storeUrl: string
  /** of families */
  readonly names: readonly string[]
  readonly filling: Filling
}

export type LaneAnswer = { readonly position: number } | { readonly counts: Counts } | { readonly failure: AppError }

/** Young generation of a lane, MiB: batches and their rows die in it. */
const youngGeneration = 192

interface Lane {
  /** the counts, when its tables are filled and committed */
  readonly filled: Promise<Counts>
  readonly stop: () => Promise<unknown>
}

const startLane = (start: LaneStart, onPosition: (position: number) => void): Lane => {
  const worker = new Worker(builtFile(import.meta.url, './fill-worker.js'), {
    workerData: start,
    resourceLimits: { maxYoungGenerationSizeMb: youngGeneration },
  })
  const filled = new Promise<Counts>((resolve, reject) => {
    worker.on('message', (answer: LaneAnswer) => {
      if ('position' in answer) onPosition(answer.position)
      else if ('counts' in answer) {
        onPosition(start.filling.to)
        resolve(answer.counts)
      } else reject(answer.failure)
    })
    worker.on('error', reject)
    worker.on('exit', (code) => reject(new Error(`a thread that fills tables ended with code ${code}`)))
  })
  return { filled, stop: () => worker.terminate() }
}

/** Rejects when the signal aborts. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const interrupted = (): void => reject(appError('INTERRUPTED', 'interrupted while replaying'))
    if (signal.aborted) interrupted()
    else signal.addEventListener('abort', interrupted, { once: true })
  })

/** Each type once, as any of the lanes has counted it. */
const union = (counts: readonly Counts[]): Counts => new Map(counts.flatMap((one) => [...one]))

/**
 * As `fillTables`, each lane of families on a thread of its own, with connections of its own: nothing goes from one lane to
 * another, so that reading, folding and the server's work for one go beside the other's. A type that none of the lanes
 * folds is read by all.
 */
export const fillAside = async (
  at: Pick<LaneStart, 'url' | 'storeUrl'>,
  lanes: readonly (readonly Family[])[],
  filling: Omit<Filling, 'without'>,
  { signal, onProgress }: Watch,
): Promise<Counts> => {
  const reached = lanes.map(() => -1)
  const started = lanes.map((families, i) => {
    const names = families.map(({ name }) => name)
    return startLane({ ...at, names, filling: { ...filling, without: typesOfOthers(families) } }, (position) => {
      reached[i] = position
      onProgress(Math.min(...reached))
    })
  })
  const filled = Promise.all(started.map((lane) => lane.filled))
  try {
    return union(await (signal === undefined ? filled : Promise.race([filled, aborted(signal)])))
  } finally {
    filled.catch(() => undefined)
    await Promise.all(started.map((lane) => lane.stop()))
  }
}
