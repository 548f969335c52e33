import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { AppError } from '../../errors.js'
import type { Database } from '../../postgres/connect.js'
import type { Place } from '../judge-clash.js'

/** Of these event ids, those that stand in the store, and where. */
export const findPlaces = (
  database: Database,
  ids: readonly string[],
): TaskEither<AppError, ReadonlyMap<string, Place>> =>
  TE.map((rows: readonly (Place & { id: string })[]) => new Map(rows.map((row) => [row.id, row])))(
    database.query<Place & { id: string }>(
      'select id, stream, revision, position from store.event where id = any($1::uuid[])',
      [ids],
    ),
  )
