/**
 * A command that uses the embedded server, for tests that need several processes or one to kill:
 * `attach-command.ts FOLDER wait` attaches, prints one line of JSON, leaves when stdin says so;
 * `attach-command.ts FOLDER N` attaches, queries and leaves N times.
 */
import { once } from 'node:events'
import { orThrow } from '../../src/errors.js'
import { openDatabase } from '../../src/postgres/connect.js'
import { startOrAttach } from '../../src/postgres/embedded-server.js'

const [folder = '', mode = ''] = process.argv.slice(2)

const useServer = async (untilLeaving: () => Promise<unknown>): Promise<void> => {
  const { url, startedByUs, stop } = await orThrow(startOrAttach(folder))
  const database = openDatabase({ url, connections: 1 })
  await orThrow(database.query('select 1'))
  await database.close()
  process.stdout.write(`${JSON.stringify({ url, startedByUs })}\n`)
  await untilLeaving()
  await stop()
}

if (mode === 'wait') await useServer(() => once(process.stdin, 'data'))
else for (let i = 0; i < Number(mode); i++) await useServer(async () => undefined)
process.exit(0)
