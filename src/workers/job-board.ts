/** Of each state's topic: so many workers can share a state. */
export const workPartitions = 12

/** A job that waits for its answer. */
export interface PendingJob {
  readonly job: string
  readonly state: string
  readonly value: Buffer
  readonly partition: number
  readonly resolve: (answer: Uint8Array) => void
  readonly reject: (error: unknown) => void
  /** milliseconds since 1970 */
  sentAt: number
}

export interface JobBoard {
  /** The partition of a state that has the least to do, so that slow workers get less. */
  readonly leastBusy: (state: string) => number
  readonly add: (pending: PendingJob) => void
  /** Takes a job off; undefined: it was answered before, or is another's. */
  readonly take: (job: string) => PendingJob | undefined
  /** Fails what waits and what is added from here on. */
  readonly fail: (error: unknown) => void
  readonly isWaiting: (state: string) => boolean
  readonly waiting: () => Iterable<PendingJob>
}

export const jobBoard = (): JobBoard => {
  const waiting = new Map<string, PendingJob>()
  /** jobs that wait, by state and partition */
  const counts = new Map<string, number[]>()
  let failed: { readonly error: unknown } | undefined

  const countsOf = (state: string): number[] => {
    const known = counts.get(state) ?? Array.from({ length: workPartitions }, () => 0)
    counts.set(state, known)
    return known
  }
  const count = ({ state, partition }: PendingJob, more: 1 | -1): void => {
    const of = countsOf(state)
    of[partition] = of[partition]! + more
  }
  return {
    leastBusy: (state) => {
      const of = countsOf(state)
      return of.indexOf(Math.min(...of))
    },
    add: (pending) => {
      if (failed !== undefined) return pending.reject(failed.error)
      waiting.set(pending.job, pending)
      count(pending, 1)
    },
    take: (job) => {
      const pending = waiting.get(job)
      if (pending === undefined) return undefined
      waiting.delete(job)
      count(pending, -1)
      return pending
    },
    fail: (error) => {
      failed ??= { error }
      for (const pending of waiting.values()) {
        count(pending, -1)
        pending.reject(error)
      }
      waiting.clear()
    },
    isWaiting: (state) => countsOf(state).some((jobs) => jobs > 0),
    waiting: () => waiting.values(),
  }
}
