import { parentPort, workerData } from 'node:worker_threads'
import { personVoter } from '../../projections/book/tables.js'
import { pid } from '../../projections/pid/table.js'
import { placed } from '../../projections/read-events.js'
import { isAppError } from '../errors.js'
import { openDatabase } from '../postgres/connect.js'
import type { StoredEvent } from '../store/event-store.js'
import type { FoldAnswer, FoldStart, FoldTask } from './fold-links-aside.js'
import { linkTables } from './link-tables.js'
import { rowMessages } from './row-message.js'

/** A thread that folds batches into the publisher's copy of the tables, and answers with the messages of what changed. */
const port = parentPort
if (port === null) throw new Error('fold-links-worker runs as a worker thread')

const { url, prefix, maxMessageBytes } = workerData as FoldStart
const tables = linkTables(openDatabase({ url, connections: 1 }), prefix)
const links = rowMessages(personVoter, maxMessageBytes)
const pids = rowMessages(pid, maxMessageBytes)

const post = (answer: FoldAnswer): void => port.postMessage(answer)

/** Whether Kafka has the batch that is under way. */
let onSent: (isSent: boolean) => void = () => undefined

const fold = async ({ after, events }: FoldTask): Promise<void> => {
  const sent = new Promise<boolean>((resolve) => {
    onSent = resolve
  })
  await tables.fold(
    after,
    events.map((event) => placed(event as StoredEvent)),
    async ({ personVoter: link, pid: own }) => {
      post({ links: links.ofChanges(link), pids: pids.ofChanges(own) })
      if (!(await sent)) throw notSent
    },
  )
}

/** Rolls the fold back; who sends knows why. */
const notSent = new Error('Kafka has not taken the batch')

port.on('message', async (message: FoldTask | boolean) => {
  if (typeof message === 'boolean') return onSent(message)
  try {
    await fold(message)
    post('folded')
  } catch (error) {
    if (error === notSent) post('rolled back')
    else if (isAppError(error)) post({ failure: error })
    else throw error
  }
})
