/**
 * Lets followers sleep until something was appended. A follower takes `count` before it reads and then waits for a
 * higher one, so an append between its read and its sleep is not missed.
 */
export class Wakeup {
  #count = 0
  readonly #sleepers = new Set<() => void>()

  get count(): number {
    return this.#count
  }

  wake(): void {
    this.#count++
    for (const rouse of [...this.#sleepers]) rouse()
  }

  /** Resolves when the count is above `seen`, the signal aborts, or after `milliseconds`. Never rejects. */
  sleep(seen: number, signal: AbortSignal, milliseconds: number): Promise<void> {
    if (this.#count > seen || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const rouse = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', rouse)
        this.#sleepers.delete(rouse)
        resolve()
      }
      const timer = setTimeout(rouse, milliseconds)
      signal.addEventListener('abort', rouse)
      this.#sleepers.add(rouse)
    })
  }
}
