import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import pg from 'pg'
import type { AppError } from '../errors.js'
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
  /** Commits on Right; rolls back on Left and on a throw. AppErrors and pg's expected errors thrown inside become Left. */
  readonly transaction: <A>(work: (client: Client) => Promise<Either<AppError, A>>) => TaskEither<AppError, A>
  /** One connection without a transaction. Whatever session state `work` sets it must undo. */
  readonly withClient: <A>(work: (client: Client) => Promise<Either<AppError, A>>) => TaskEither<AppError, A>
  readonly close: () => Promise<void>
}

const connectTimeoutMs = 10_000

/** What a single connection outside any pool is opened with. */
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

const inTransaction = async <A>(
  client: Client,
  work: (client: Client) => Promise<Either<AppError, A>>,
): Promise<Either<AppError, A>> => {
  await client.query('begin')
  const result = await work(client)
  if (isLeft(result)) {
    await client.query('rollback')
    return result
  }
  const { command } = await client.query('commit')
  // Postgres answers COMMIT of a failed transaction with ROLLBACK and no error: somebody swallowed a failed statement.
  if (command !== 'COMMIT') throw new Error('A statement inside the transaction failed and its error was swallowed')
  return result
}

/** Opens nothing yet: the first query connects. int8 arrives as number (safe integers only), date as `YYYY-MM-DD`. */
export const openDatabase = (options: DatabaseOptions): Database => {
  const { url } = options
  const pool = openPool(options)
  const toLeft = (error: unknown): Either<AppError, never> => {
    const expected = translateError(error, url)
    if (expected === undefined) throw error
    return left(expected)
  }
  const borrow = async <A>(work: (client: Client) => Promise<Either<AppError, A>>): Promise<Either<AppError, A>> => {
    let client: pg.PoolClient | undefined
    try {
      client = await pool.connect()
      const result = await work(client)
      client.release()
      return result
    } catch (error) {
      // A connection on which something threw may be half-way through a transaction or a COPY: it is closed, which
      // rolls back, and never given to the next one.
      client?.release(true)
      return toLeft(error)
    }
  }
  return {
    url,
    query:
      <R extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
      async () => {
        try {
          return right((await pool.query<R>(sql, [...values])).rows)
        } catch (error) {
          return toLeft(error)
        }
      },
    transaction: (work) => () => borrow((client) => inTransaction(client, work)),
    withClient: (work) => () => borrow(work),
    close: () => pool.end(),
  }
}
