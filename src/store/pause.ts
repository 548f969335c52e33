/** Resolves after that long, or when the signal aborts. Never rejects. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
  })

const steps = [50, 100, 250, 500, 1_000] as const

/** Milliseconds to wait after so many failures in a row: 50 after the first, a second from the fifth on. */
export const backOff = (failures: number): number => steps[Math.min(failures, steps.length) - 1] ?? 0
