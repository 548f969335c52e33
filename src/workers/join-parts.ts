import { emptyChunk, type ScoredChunk, trimChunk } from '../match/scored-chunk.js'

/** A scored part of a chunk, and the places that its persons have in it. */
export interface ScoredPart {
  readonly places: readonly number[]
  readonly chunk: ScoredChunk
}

/** The chunk of `persons` that these parts make up; every place stands in one of them. */
export const joinParts = (persons: number, parts: readonly ScoredPart[]): ScoredChunk => {
  const [only] = parts
  if (parts.length === 1 && only!.places.length === persons) return only!.chunk
  const sources: { readonly chunk: ScoredChunk; readonly place: number }[] = []
  for (const { places, chunk } of parts) {
    for (const [place, at] of places.entries()) sources[at] = { chunk, place }
  }
  const width = parts[0]?.chunk.width ?? 0
  const most = Math.max(0, ...sources.map(({ chunk, place }) => chunk.starts[place + 1]! - chunk.starts[place]!))
  const joined = emptyChunk(persons, most, width)
  let at = 0
  sources.forEach(({ chunk, place }, person) => {
    const [from, to] = [chunk.starts[place]!, chunk.starts[place + 1]!]
    for (const column of ['outcome', 'reason', 'found'] as const) joined[column][person] = chunk[column][place]!
    for (const column of ['file', 'row', 'tier', 'score'] as const)
      joined[column].set(chunk[column].subarray(from, to), at)
    joined.levels.set(chunk.levels.subarray(from * width, to * width), at * width)
    joined.starts[person] = at
    at += to - from
  })
  joined.starts[persons] = at
  return trimChunk(joined)
}
