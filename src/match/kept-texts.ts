/** One column of a list: an id for each contact, 0: not given; text `id` is bytes[offsets[id - 1]] to bytes[offsets[id]]. */
export interface PackedTexts {
  readonly ids: Uint32Array
  readonly bytes: Uint8Array
  readonly offsets: Uint32Array
}

/** From this many contacts a text on, a column's texts are kept: of names and towns, not of phones. */
const leastShared = 4

/** What is read from contact i's text in a column. Texts that many contacts share are read once. */
export const keptTexts = <A>({ ids, bytes, offsets }: PackedTexts, read: (text: string) => A): ((i: number) => A) => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const textOf = (id: number): A => read(buffer.toString('utf8', id === 0 ? 0 : offsets[id - 1]!, offsets[id]!))
  const size = offsets.length - 1
  if (size * leastShared > ids.length) return (i) => textOf(ids[i]!)
  const kept = new Array<A | undefined>(size + 1).fill(undefined)
  return (i) => {
    const id = ids[i]!
    return (kept[id] ??= textOf(id))
  }
}
