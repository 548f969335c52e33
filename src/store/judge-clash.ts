import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type AppError, appError, shown } from '../errors.js'
import type { Appended, ExpectedRevision } from './event-store.js'

/** Where an event id stands in the store. */
export interface Place {
  readonly stream: string
  readonly revision: number
  readonly position: number
}

/** An append that could not be written as it came. */
export interface Clash {
  readonly stream: string
  readonly ids: readonly string[]
  readonly expected: ExpectedRevision
  /** revision of the stream's last event */
  readonly actual: number
  /** of `ids`, those that stand in the store */
  readonly places: ReadonlyMap<string, Place>
}

/**
 * What became of an append that met a wrong revision or an id that stands already: a retry (right, `written: false`)
 * when all its ids stand one after the other at this very place; EVENT_ID_REUSED when one of them stands anywhere else;
 * WRONG_REVISION otherwise, also when another writer has written only the first of the same ids.
 */
export const judgeClash = (clash: Clash): Either<AppError, Appended> => {
  const { stream, ids, expected, actual, places } = clash
  const first = expected === 'any' ? places.get(ids[0] ?? '')?.revision : expected + 1
  const strayed = ids.find((id, i) => {
    const place = places.get(id)
    return place && (first === undefined || place.stream !== stream || place.revision !== first + i)
  })
  if (strayed !== undefined) return left(idReused(stream, strayed, places.get(strayed)))
  const last = places.get(ids[ids.length - 1] ?? '')
  if (last && places.size === ids.length) {
    return right({ revision: last.revision, position: last.position, written: false })
  }
  const repeated = firstRepeated(ids)
  if (repeated !== undefined) return left(idReused(stream, repeated, undefined))
  if (expected !== 'any') return left(wrongRevision(stream, expected, actual))
  const [present] = places
  if (!present) throw new Error(`an append to ${shown(stream)} was refused, but nothing stands in its way`)
  return left(idReused(stream, ...present))
}

export const firstRepeated = (ids: readonly string[]): string | undefined => {
  const seen = new Set<string>()
  return ids.find((id) => {
    const isRepeated = seen.has(id)
    seen.add(id)
    return isRepeated
  })
}

export const wrongRevision = (stream: string, expected: number, actual: number): AppError =>
  appError(
    'WRONG_REVISION',
    `Stream ${shown(stream)} ends at revision ${actual}, not at ${expected} as this append expected: another writer was faster.`,
    { stream, expected, actual },
  )

/** `place` undefined: the id comes twice in one append, or stands where this store can't say. */
export const idReused = (stream: string, id: string, place: Place | undefined): AppError =>
  place === undefined
    ? appError('EVENT_ID_REUSED', `Event id ${id} comes twice in what is appended to ${shown(stream)}.`, { stream, id })
    : appError(
        'EVENT_ID_REUSED',
        `Event id ${id} already stands in stream ${shown(place.stream)} at revision ${place.revision}, so it cannot be appended to ${shown(stream)}.`,
        { stream, id, standsIn: place.stream, standsAt: place.revision },
      )
