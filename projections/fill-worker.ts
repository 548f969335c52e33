import { parentPort, workerData } from 'node:worker_threads'
import { isAppError } from '../src/errors.js'
import { openDatabase } from '../src/postgres/connect.js'
import { openStore } from '../src/store/open-store.js'
import { families } from './families.js'
import type { LaneAnswer, LaneStart } from './fill-aside.js'
import { fillTables } from './fill-tables.js'

/** A worker thread that reads the store and fills the tables of some families, over connections of its own. */
const port = parentPort
if (port === null) throw new Error('fill-worker runs as a worker thread')

const { url, storeUrl, names, filling } = workerData as LaneStart
const post = (answer: LaneAnswer): void => port.postMessage(answer)
const db = openDatabase({ url })
const own = families.filter(({ name }) => names.includes(name))

try {
  const store = await openStore(storeUrl, db)
  const watch = { onProgress: (position: number) => post({ position }) }
  post({ counts: await fillTables(db, store, own, filling, watch).finally(store.close) })
} catch (error) {
  if (!isAppError(error)) throw error
  post({ failure: error })
} finally {
  await db.close()
}
