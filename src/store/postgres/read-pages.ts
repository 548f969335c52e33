import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type AppError, orThrow, rightOrThrow } from '../../errors.js'
import { defaultBatchSize, type ReadOptions } from '../event-store.js'
import type { Page } from './fetch-page.js'

export interface Source<A> {
  /** the last place that there is, as it stands when the read starts */
  readonly end: TaskEither<AppError, number>
  /** rows in the order of places, from `page.from` on without a gap; none only when there are none */
  readonly fetch: (page: Page) => TaskEither<AppError, readonly A[]>
  readonly placeOf: (row: A) => number
}

/**
 * Keyset pages in order. While the reader works on one page the next is under way, never more: memory stays at two
 * pages and no connection is held in between. Reading 1 KB events is 1.1 times as fast for it.
 */
export async function* readPages<A>(
  { end, fetch, placeOf }: Source<A>,
  options: ReadOptions = {},
): AsyncGenerator<readonly A[], void, undefined> {
  const limit = options.batchSize ?? defaultBatchSize
  const last = await orThrow(end)
  const to = Math.min(options.to ?? last, last)
  const pageFrom = (from: number) => (from > to ? undefined : fetch({ from, to, limit })())
  let ahead = pageFrom(options.from ?? 0)
  while (ahead !== undefined) {
    const rows = rightOrThrow(await ahead)
    if (rows.length === 0) return
    ahead = pageFrom(placeOf(rows[rows.length - 1]!) + 1)
    yield rows
  }
}
