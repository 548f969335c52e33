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

class RowFile implements Rows {
  readonly #path: string
  #handle: FileHandle
  #text = ''

  constructor(path: string, handle: FileHandle) {
    this.#path = path
    this.#handle = handle
  }

  add(line: string): void {
    this.#text += line
  }

  get isFull(): boolean {
    return this.#text.length >= muchText
  }

  async drain(): Promise<void> {
    const bytes = Buffer.from(this.#text, 'latin1')
    this.#text = ''
    for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at)).bytesWritten
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
