import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { orThrow } from '../../src/errors.js'
import { openDatabase } from '../../src/postgres/connect.js'
import { startOrAttach } from '../../src/postgres/embedded-server.js'
import { quoteName } from '../../src/postgres/quote-name.js'
import { postgresInDocker } from './postgres-in-docker.js'
import { temporaryFolder } from './temporary-folder.js'

/** Names the folder of the test run's embedded server; set for all test files by the set-up below. */
const folderVariable = 'MATCHBOOK_TEST_FOLDER'

/** The URL of the test run's server in Docker; set where Docker answers and DATABASE_URL says no other. */
const dockerVariable = 'MATCHBOOK_TEST_DOCKER_URL'

/** Tests lose nothing when the machine loses power. */
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

interface Server {
  readonly url: string
  readonly leave: () => Promise<void>
}

const ownServer = async (): Promise<Server> => {
  const folder = temporaryFolder('tests')
  const { url, stop } = await orThrow(startOrAttach(folder, { settings }))
  const leave = async () => {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { url, leave }
}

const server = async (): Promise<Server> => {
  const given = process.env['DATABASE_URL'] || process.env[dockerVariable]
  if (given) return { url: given, leave: async () => undefined }
  const shared = process.env[folderVariable]
  if (!shared) return ownServer()
  const { url } = await orThrow(startOrAttach(shared, { settings }))
  // The server stays for the next test file; the set-up's end stops it.
  return { url, leave: async () => undefined }
}

const execute = async (url: string, sql: string): Promise<void> => {
  const database = openDatabase({ url, connections: 1 })
  try {
    await orThrow(database.query(sql))
  } finally {
    await database.close()
  }
}

/** A fresh, empty database for one test file, in DATABASE_URL's server, one in Docker or the embedded one; `drop` when done. */
export const postgresForTests = async (): Promise<{ readonly url: string; readonly drop: () => Promise<void> }> => {
  const { url, leave } = await server()
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`
  await execute(url, `create database ${quoteName(name)}`)
  const fresh = new URL(url)
  fresh.pathname = `/${name}`
  const drop = async () => {
    await execute(url, `drop database if exists ${quoteName(name)} with (force)`)
    await leave()
  }
  return { url: fresh.href, drop }
}

/**
 * vitest's global set-up: starts a server in Docker where that answers, else names one folder for the embedded server of
 * all test files. Both are gone at the end.
 */
export default async (): Promise<() => Promise<void>> => {
  const folder = temporaryFolder('tests')
  process.env[folderVariable] = folder
  const docker = process.env['DATABASE_URL'] ? undefined : await postgresInDocker()
  if (docker !== undefined) process.env[dockerVariable] = docker.url
  return async () => {
    await docker?.stop()
    if (existsSync(join(folder, 'postgres'))) await (await orThrow(startOrAttach(folder, { settings }))).stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
