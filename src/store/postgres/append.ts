import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EncodedEvent } from '../../../events/encode.js'
import { type AppError, attempt, orThrow, rightOrThrow } from '../../errors.js'
import type { Database } from '../../postgres/connect.js'
import type { Appended, ExpectedRevision } from '../event-store.js'
import { judgeClash } from '../judge-clash.js'
import { appendMany } from './append-many.js'
import { appendOne } from './append-one.js'
import { copyEvents } from './copy-events.js'
import { findStreamEnd } from './find-end.js'
import { findPlaces } from './find-places.js'

/** Up to here arrays in one round trip; above, COPY in a transaction of five. */
const arrayEvents = 256
const arrayCharacters = 4_000_000

/** `append` of the port on Postgres. */
export const appendEvents = (
  database: Database,
  stream: string,
  events: readonly EncodedEvent[],
  expected: ExpectedRevision,
): TaskEither<AppError, Appended> =>
  attempt(async () => {
    if (events.length === 0) return { ...(await orThrow(findStreamEnd(database, stream))), written: false }
    const written = await undefinedIfIdStands(write(database, stream, events, expected))
    if (written) return written
    const ids = events.map((event) => event.id)
    const places = await orThrow(findPlaces(database, ids))
    const { revision: actual } = await orThrow(findStreamEnd(database, stream))
    return rightOrThrow(judgeClash({ stream, ids, expected, actual, places }))
  })

const write = (
  database: Database,
  stream: string,
  events: readonly EncodedEvent[],
  expected: ExpectedRevision,
): TaskEither<AppError, Appended | undefined> => {
  const [first] = events
  if (first && events.length === 1) {
    return database.withClient((client) => appendOne(client, stream, first, expected))
  }
  const characters = events.reduce((sum, event) => sum + event.body.length, 0)
  return events.length <= arrayEvents && characters <= arrayCharacters
    ? database.withClient((client) => appendMany(client, stream, events, expected))
    : database.transaction((client) => copyEvents(client, stream, events, expected))
}

const uniqueViolation = '23505'

/** Nothing was written when an id is taken: the statement or transaction was rolled back. */
const undefinedIfIdStands = async (task: TaskEither<AppError, Appended | undefined>): Promise<Appended | undefined> => {
  try {
    return await orThrow(task)
  } catch (error) {
    const { code, constraint } = error as { code?: unknown; constraint?: unknown }
    if (code === uniqueViolation && constraint === 'event_id_key') return undefined
    throw error
  }
}
