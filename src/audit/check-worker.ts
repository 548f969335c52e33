import { parentPort, workerData } from 'node:worker_threads'
import { attempt, orThrow } from '../errors.js'
import { openDatabase } from '../postgres/connect.js'
import { openPostgresStore } from '../store/postgres/postgres-store.js'
import { buffersOf, type CheckedBatch, checkBatch } from './check-batch.js'
import type { CheckStart, CheckTask } from './checked-batches.js'

/** A thread that reads stretches of the log and checks each event by itself. */
const port = parentPort
if (port === null) throw new Error('check-worker runs as a worker thread')

const { url, vouched } = workerData as CheckStart

const opened = openPostgresStore(openDatabase({ url }))()

const check = ({ from, to }: CheckTask) =>
  attempt(async () => {
    const store = await orThrow(() => opened)
    const checked: CheckedBatch[] = []
    for await (const batch of store.readAll({ from, to })) checked.push(checkBatch(batch, vouched))
    return checked
  })

let turn = Promise.resolve()
port.on('message', (task: CheckTask) => {
  turn = turn.then(async () => {
    const answer = await check(task)()
    if (answer._tag === 'Left') port.postMessage(answer.left)
    else port.postMessage(answer.right, answer.right.flatMap(buffersOf))
  })
})
