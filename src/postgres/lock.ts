import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import pg from 'pg'
import { type AppError, attempt } from '../errors.js'
import { type Client, clientConfig, type Database } from './connect.js'
import { translateError } from './translate-error.js'

export interface LockOptions {
  /** called once, when somebody else holds the lock and we begin to wait */
  readonly onWait: () => void
}

const tryLock = async (client: Client, key: string): Promise<boolean> => {
  const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as got', [
    key,
  ])
  return rows[0]?.got === true
}

const waitForLock = (client: Client, key: string) =>
  client.query('select pg_advisory_lock(hashtextextended($1, 0))', [key])

/** A connection of the lock's own: one of the pool, held for the length of an import, would be missing there. */
const connected = async (db: Database): Promise<pg.Client> => {
  const client = new pg.Client(clientConfig(db.url, 'matchbook lock'))
  // The server going away shows at the next query of `work`, and here when the lock is given back.
  client.on('error', () => undefined)
  await client.connect()
  await client.query('set idle_session_timeout = 0')
  return client
}

/**
 * Does `work` while holding the lock `key` on this database: one holder at a time over all processes and machines.
 * The lock is the connection's, so it goes when the process dies, however it dies. AppErrors thrown inside and the
 * database's expected failures come out as Left; SERVER_UNREACHABLE also when the lock's connection broke on the way,
 * as somebody else may then have worked beside us.
 */
export const withAdvisoryLock = <A>(
  db: Database,
  key: string,
  options: LockOptions,
  work: () => Promise<A>,
): TaskEither<AppError, A> =>
  attempt(async () => {
    let client: pg.Client | undefined
    try {
      client = await connected(db)
      if (!(await tryLock(client, key))) {
        options.onWait()
        await waitForLock(client, key)
      }
      const result = await work()
      await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [key])
      return result
    } catch (error) {
      throw translateError(error, db.url) ?? error
    } finally {
      await client?.end()
    }
  })
