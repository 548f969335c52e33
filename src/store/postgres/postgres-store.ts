import * as TE from 'fp-ts/lib/TaskEither.js'
import type { AppError } from '../../errors.js'
import type { Database } from '../../postgres/connect.js'
import { migrate } from '../../postgres/migrate.js'
import type { EventStore, HashedRevision, ReadAllOptions, StoredEvent } from '../event-store.js'
import { appendEvents } from './append.js'
import { fetchEvents, fetchHashes, fetchPage, fetchStreamPage } from './fetch-page.js'
import { findHead, findSizes, findStreamEnd, type StreamEnd } from './find-end.js'
import { followWoken } from './follow-woken.js'
import { storeMigrations } from './migrations.js'
import { readPages } from './read-pages.js'

/** Hashes are small: fewer round trips. */
const hashBatchSize = 10_000

const positionOf = (event: StoredEvent): number => event.position
const revisionOf = (event: HashedRevision): number => event.revision

/** Brings the schema `store` up to date and opens it. The database stays open when the store is closed. */
export const openPostgresStore = (database: Database): TE.TaskEither<AppError, EventStore> =>
  TE.map(() => postgresStore(database))(migrate(database, 'store', storeMigrations))

const postgresStore = (database: Database): EventStore => {
  const closing = new AbortController()
  const revision = (stream: string) => TE.map((end: StreamEnd) => end.revision)(findStreamEnd(database, stream))
  const readAll = ({ without = [], ...options }: ReadAllOptions = {}) =>
    readPages(
      { end: findHead(database), fetch: (page) => fetchPage(database, page, without), placeOf: positionOf },
      options,
    )
  return {
    gapless: true,
    url: database.url,
    append: (stream, events, expected) => appendEvents(database, stream, events, expected),
    readStream: (stream, options) =>
      readPages(
        { end: revision(stream), fetch: (page) => fetchStreamPage(database, stream, page), placeOf: revisionOf },
        options,
      ),
    readHashes: (stream, options) =>
      readPages(
        { end: revision(stream), fetch: (page) => fetchHashes(database, stream, page), placeOf: revisionOf },
        { batchSize: hashBatchSize, ...options },
      ),
    readAll,
    readEvents: (positions) => fetchEvents(database, positions),
    follow: (options) => {
      const signal = AbortSignal.any([options.signal, closing.signal])
      return followWoken(database.url, readAll, { ...options, signal })
    },
    revision,
    head: () => findHead(database),
    sizes: () => findSizes(database),
    close: async () => closing.abort(),
  }
}
