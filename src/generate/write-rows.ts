import { type FileHandle, open, rename } from 'node:fs/promises'

/** Lines on their way into a file; nothing bears the file's name before all of them are in it. */
export interface Rows {
  /** Takes a line with its line feed. */
  add(line: string): void
  /** Writes what has gathered, if that is much. */
  drain(): Promise<void>
  finish(): Promise<void>
  /** Closes without keeping; the unfinished file stays beside as `.part`. */
  abandon(): Promise<void>
}

const muchText = 1 << 18

class RowFile implements Rows {
  readonly #path: string
  readonly #encoding: BufferEncoding
  #handle: FileHandle
  #text = ''

  constructor(path: string, handle: FileHandle, encoding: BufferEncoding) {
    this.#path = path
    this.#handle = handle
    this.#encoding = encoding
  }

  add(line: string): void {
    this.#text += line
  }

  async drain(): Promise<void> {
    if (this.#text.length >= muchText) await this.#write()
  }

  async finish(): Promise<void> {
    await this.#write()
    await this.#handle.close()
    await rename(`${this.#path}.part`, this.#path)
  }

  async abandon(): Promise<void> {
    await this.#handle.close()
  }

  async #write(): Promise<void> {
    const bytes = Buffer.from(this.#text, this.#encoding)
    this.#text = ''
    for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at)).bytesWritten
  }
}

/** Opens a file for lines. Rejects as `node:fs` does. Everything written is ASCII or, where asked for, Latin-1. */
export const openRows = async (path: string, encoding: 'latin1' | 'utf8' = 'latin1'): Promise<Rows> =>
  new RowFile(path, await open(`${path}.part`, 'w'), encoding)
