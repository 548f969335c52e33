import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import pg from 'pg'
import { type AppError, attempt, isAppError } from '../errors.js'
import { columnTypes } from './column-types.js'
import { translateError } from './translate-error.js'

/** One connection; its queries throw what pg throws, and whoever handed it out translates that. */
export type Client = pg.ClientBase

export interface DatabaseOptions {
  readonly url: string
  /** connections at most; 8 unless given, so that several commands fit under the embedded server's 50 */
  readonly connections?: number
}

/**
 * A pool of connections. Failures of every method: SERVER_UNREACHABLE, DISK_FULL, BUSY (deadlock), BAD_VALUE (text
 * that UTF-8 or Postgres can't hold), BAD_USAGE (missing right). A wrong statement or a broken constraint throws.
 */
export interface Database {
  readonly url: string
  readonly query: <R extends pg.QueryResultRow = pg.QueryResultRow>(
    sql: string,
    values?: readonly unknown[],
  ) => TaskEither<AppError, readonly R[]>
  /** Commits, or rolls back when `work` throws. AppErrors and pg's expected errors thrown inside come out as Left. */
  readonly transaction: <A>(work: (client: Client) => Promise<A>) => TaskEither<AppError, A>
  /** One connection without a transaction. Whatever session state `work` sets it must undo. */
  readonly withClient: <A>(work: (client: Client) => Promise<A>) => TaskEither<AppError, A>
  readonly close: () => Promise<void>
}

/** Also the longest wait for a free connection of the pool, which a bulk load of others may hold for a while. */
const connectTimeoutMs = 30_000

/** What a connection, in a pool or alone, is opened with. */
export const clientConfig = (url: string, applicationName: string): pg.ClientConfig => ({
  connectionString: url,
  application_name: applicationName,
  connectionTimeoutMillis: connectTimeoutMs,
  keepAlive: true,
  types: columnTypes,
})

const openPool = (options: DatabaseOptions): pg.Pool => {
  const pool = new pg.Pool({ ...clientConfig(options.url, 'matchbook'), max: options.connections ?? 8 })
  // A connection that breaks while nobody queries it must not end the process: the pool drops it, or the next query
  // on it fails with an error that is translated. Nothing is lost by not acting here.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

const inTransaction = async <A>(client: Client, work: (client: Client) => Promise<A>): Promise<A> => {
  await client.query('begin')
  const result = await work(client)
  const { command } = await client.query('commit')
  // Postgres answers COMMIT of a failed transaction with ROLLBACK and no error: somebody swallowed a failed statement.
  if (command !== 'COMMIT') throw new Error('A statement inside the transaction failed and its error was swallowed')
  return result
}

/**
 * Gives the connection back after a throw. An AppError comes from our own code between two statements, so the
 * connection can be rolled back and used again. After anything else it may stand in the middle of a COPY: closed.
 */
const giveBack = async (client: pg.PoolClient, error: unknown): Promise<void> => {
  if (!isAppError(error)) return client.release(true)
  try {
    await client.query('rollback')
    client.release()
  } catch {
    // The rollback failed with the connection, which ends the transaction just as well; `error` is the one to report.
    client.release(true)
  }
}

/** Opens nothing yet: the first query connects. int8 arrives as number (safe integers only), date as `YYYY-MM-DD`. */
export const openDatabase = (options: DatabaseOptions): Database => {
  const { url } = options
  const pool = openPool(options)
  const translated = <A>(work: () => Promise<A>): TaskEither<AppError, A> =>
    attempt(async () => {
      try {
        return await work()
      } catch (error) {
        throw translateError(error, url) ?? error
      }
    })
  const withClient = <A>(work: (client: Client) => Promise<A>): TaskEither<AppError, A> =>
    translated(async () => {
      const client = await pool.connect()
      try {
        const result = await work(client)
        client.release()
        return result
      } catch (error) {
        await giveBack(client, error)
        throw error
      }
    })
  return {
    url,
    query: <R extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
      translated(async () => (await pool.query<R>(sql, [...values])).rows),
    transaction: (work) => withClient((client) => inTransaction(client, work)),
    withClient,
    close: () => pool.end(),
  }
}
