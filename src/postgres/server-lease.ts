/**
 * Who uses the embedded server. Every attached process holds a connection with a shared advisory lock, its lease. Who
 * leaves gives its lease back and tries for the same lock exclusively: whoever gets it is the last one out and stops
 * the server. The kernel closes the connections of a killed process and Postgres drops their locks, so nothing goes
 * stale. (Who leaves in the very moment in which another is killed may still count that one; then the server stays
 * for the next command to stop.) Who arrives while the server is being stopped waits for the lock, is thrown out with
 * the rest, and starts the server again.
 */
import type { Socket } from 'node:net'
import pg from 'pg'
import { clientConfig } from './connect.js'
import { quoteName } from './quote-name.js'

/** `matchboo` in ASCII as one int8: a fixed key, in the one database that all leases connect to. */
const leaseKey = '7881708793176944495'

export const leaseDatabase = 'matchbook'

export interface Lease {
  /** Gives the lease back. True: nobody else has one, and nobody gets one until `close`. */
  readonly giveBack: () => Promise<boolean>
  readonly close: () => Promise<void>
}

const connected = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client(clientConfig(url, 'matchbook lease'))
  // A lease that breaks says that the server is gone, which the next query of the pool reports.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

const inDatabase = (url: string, database: string): string => {
  const other = new URL(url)
  other.pathname = `/${database}`
  return other.href
}

const createDatabase = async (url: string): Promise<void> => {
  const client = await connected(inDatabase(url, 'postgres'))
  try {
    await client.query(`create database ${quoteName(leaseDatabase)}`)
  } catch (error) {
    // 42P04, 23505: another command has just made it.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error
  } finally {
    await client.end()
  }
}

const connectedToDatabase = async (url: string): Promise<pg.Client> => {
  try {
    return await connected(url)
  } catch (error) {
    if ((error as { code?: string }).code !== '3D000') throw error
    await createDatabase(url)
    return connected(url)
  }
}

/** Connects, making the database on first use. Throws what pg throws when there is no server, or it is shutting down. */
export const takeLease = async (url: string): Promise<Lease> => {
  const client = await connectedToDatabase(url)
  await client.query(`select pg_advisory_lock_shared(${leaseKey})`)
  // A process that has nothing else to do may end; that gives the lease back too.
  const socket = client.connection.stream as Socket
  socket.unref()
  return {
    giveBack: async () => {
      socket.ref()
      const { rows } = await client.query<{ last: boolean }>(
        `select pg_advisory_unlock_shared(${leaseKey}), pg_try_advisory_lock(${leaseKey}) as last`,
      )
      return rows[0]?.last === true
    },
    close: () => {
      // Without this Node would end the process half-way, with exit code 13, when nothing else keeps it alive.
      socket.ref()
      return client.end()
    },
  }
}
