import { eventIdOf } from '../../events/ids.js'
import type { EventStore } from '../store/event-store.js'
import type { Finding } from './finding.js'
import { markBytes } from './kept-heads.js'
import type { Differing } from './verify-log.js'

/** Events that are named of one stream; more are one finding with their number. */
const mostNamed = 20

/**
 * Which events of a stream are others than those whose marks were kept. A stream that has one more or one less from some
 * place on is told as that one event; else each that differs, and where it stood before if it stood elsewhere. Without
 * marks: between which revisions the difference lies.
 */
export const nameDifference = async (
  store: EventStore,
  { stream, from, to, fault }: Differing,
  marks: Buffer,
): Promise<readonly Finding[]> => {
  const range = {
    stream,
    revision: from,
    fault: `${fault}; an event from revision ${from} to ${to - 1} was changed, swapped, dropped or inserted`,
  }
  const found = await readMarksOf(store, stream)
  const before = marks.toString('latin1')
  const places = differingPlaces(found, before)
  const [first] = places
  if (first === undefined) {
    const moved = await movedRows(store, stream, from, to)
    return moved.length > 0 ? moved : [range]
  }
  const dropped = first + 1 < before.length / markBytes && isSame(found, first, before, first + 1)
  if (dropped && isSame(found, first + 1, before, first + 2)) {
    return [await named(store, stream, first, 'the event that stood here before it is gone: dropped')]
  }
  if (isSame(found, first + 1, before, first) && isSame(found, first + 2, before, first + 1)) {
    return [await named(store, stream, first, 'it was not here when the log was signed: inserted')]
  }
  const each = await Promise.all(
    places.slice(0, mostNamed).map((place) => {
      const stood = placeOf(before, found.slice(place * markBytes, (place + 1) * markBytes))
      return named(
        store,
        stream,
        place,
        stood < 0 ? 'it is not the event that was signed here: edited' : `it stood at revision ${stood}: swapped`,
      )
    }),
  )
  return places.length > mostNamed
    ? [...each, { stream, fault: `${places.length} events in all are not those that were signed` }]
    : each
}

/** Rows of a list are known by their place alone: their ids say when they stood at another. */
const movedRows = async (store: EventStore, stream: string, from: number, to: number): Promise<readonly Finding[]> => {
  const moved: Finding[] = []
  for await (const batch of store.readStream(stream, { from, to: to - 1 })) {
    for (const { revision, position, id, type } of batch) {
      const isRow = type === 'ContactImported' || type === 'ContactRejected'
      if (!isRow || id === eventIdOf(stream, revision) || moved.length === mostNamed) continue
      moved.push({ stream, revision, position, id, fault: 'it stood at another place: its id says so' })
    }
  }
  return moved
}

const isSame = (a: string, at: number, b: string, place: number): boolean =>
  a.slice(at * markBytes, (at + 1) * markBytes) === b.slice(place * markBytes, (place + 1) * markBytes)

const placeOf = (marks: string, mark: string): number => {
  for (let at = marks.indexOf(mark); at >= 0; at = marks.indexOf(mark, at + 1)) {
    if (at % markBytes === 0) return at / markBytes
  }
  return -1
}

const differingPlaces = (found: string, before: string): readonly number[] => {
  const places: number[] = []
  const both = Math.min(found.length, before.length) / markBytes
  for (let place = 0; place < both; place++) if (!isSame(found, place, before, place)) places.push(place)
  return places
}

const readMarksOf = async (store: EventStore, stream: string): Promise<string> => {
  const parts: string[] = []
  for await (const batch of store.readHashes(stream)) {
    parts.push(batch.map(({ sha256 }) => sha256.toString('latin1', 0, markBytes)).join(''))
  }
  return parts.join('')
}

const named = async (store: EventStore, stream: string, revision: number, fault: string): Promise<Finding> => {
  for await (const [stored] of store.readStream(stream, { from: revision, to: revision })) {
    if (stored !== undefined) return { stream, revision, position: stored.position, id: stored.id, fault }
  }
  return { stream, revision, fault }
}
