import { type FileHandle, open, rename } from 'node:fs/promises'

/** Lines on their way into a file; nothing bears the file's name before all of them are in it. */
export interface Rows {
  /** Takes a line with its line feed. */
  add(line: string): void
  /** Whether enough has gathered for a write to be worth it. */
  readonly isFull: boolean
  /** Writes what has gathered. */
  drain(): Promise<void>
  finish(): Promise<void>
  /** Closes without keeping; the unfinished file stays beside as `.part`. */
  abandon(): Promise<void>
}

const muchText = 1 << 17

/** Bytes at once: lines kept as text until 67 files are full live long enough to cost half the time in collection. */
class RowFile implements Rows {
  readonly #path: string
  #handle: FileHandle
  #bytes = Buffer.allocUnsafeSlow(muchText * 2)
  #used = 0

  constructor(path: string, handle: FileHandle) {
    this.#path = path
    this.#handle = handle
  }

  add(line: string): void {
    if (this.#used + line.length > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2 + line.length)
    this.#used += this.#bytes.write(line, this.#used, 'latin1')
  }

  get isFull(): boolean {
    return this.#used >= muchText
  }

  async drain(): Promise<void> {
    for (let at = 0; at < this.#used; ) at += (await this.#handle.write(this.#bytes, at, this.#used - at)).bytesWritten
    this.#used = 0
  }

  async finish(): Promise<void> {
    await this.drain()
    await this.#handle.close()
    await rename(`${this.#path}.part`, this.#path)
  }

  async abandon(): Promise<void> {
    await this.#handle.close()
  }
}

/** Opens a file for lines in Latin-1, which is ASCII for all but the demo's donors. Rejects as `node:fs` does. */
export const openRows = async (path: string): Promise<Rows> => new RowFile(path, await open(`${path}.part`, 'w'))
