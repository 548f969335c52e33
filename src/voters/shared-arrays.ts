export type Codes = Uint8Array | Uint16Array | Uint32Array

/** Zeros in shared memory, as narrow as ids up to `largest` allow. */
export const sharedCodes = (rows: number, largest: number): Codes => {
  if (largest < 1 << 8) return new Uint8Array(new SharedArrayBuffer(rows))
  if (largest < 1 << 16) return new Uint16Array(new SharedArrayBuffer(rows * 2))
  return new Uint32Array(new SharedArrayBuffer(rows * 4))
}

export const sharedWords = (length: number): Uint32Array => new Uint32Array(new SharedArrayBuffer(length * 4))

/** A copy that other threads can read. */
export const sharedBytes = (bytes: Uint8Array): Uint8Array => {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

export const sharedWordsOf = (words: Uint32Array): Uint32Array => {
  const copy = sharedWords(words.length)
  copy.set(words)
  return copy
}

/** Twice as long, with the same beginning. */
export const doubled = (array: Uint32Array): Uint32Array<ArrayBuffer> => {
  const larger = new Uint32Array(array.length * 2)
  larger.set(array)
  return larger
}
