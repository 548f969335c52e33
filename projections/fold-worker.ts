import { parentPort, workerData } from 'node:worker_threads'
import type { DomainEvent } from '../events/catalogue.js'
import { decisionSha } from '../src/decide/decision-sha.js'
import { isAppError } from '../src/errors.js'
import { openDatabase } from '../src/postgres/connect.js'
import type { Placed } from './family.js'
import type { FoldAnswer, UnreadEvent } from './fold-aside.js'
import { foldNext } from './fold-next.js'
import { personKeys } from './person/person-keys.js'

/** A worker thread that folds the batches it is sent, one after the other, over a connection of its own. */
const port = parentPort
if (port === null) throw new Error('fold-worker runs as a worker thread')

const db = openDatabase({ url: (workerData as { readonly url: string }).url, connections: 1 })

/**
 * The bodies were just written from events of the catalogue: they are parsed, not checked again. What folding takes
 * longest for, a person's keys and a decision's text and hash, is made here too and remembered.
 */
const read = ({ body, ...place }: UnreadEvent): Placed => {
  const event = JSON.parse(body) as DomainEvent
  if (event.type === 'MatchDecided') decisionSha(event.data.decision, event.data.voterVersion)
  else if (event.type === 'ContactImported') personKeys(event.pii.contact)
  return { ...place, event }
}

const answer = async (events: readonly Placed[]): Promise<FoldAnswer> => {
  try {
    return { step: await foldNext(db, events, events[0]!.position - 1) }
  } catch (error) {
    if (isAppError(error)) return { failure: error }
    throw error
  }
}

let folding: Promise<unknown> = Promise.resolve()

port.on('message', (unread: readonly UnreadEvent[]) => {
  // parsed at once, while the server still works on the batch before
  const events = unread.map(read)
  // a bug ends the worker, and reaches whoever waits as its error
  folding = folding.then(async () => port.postMessage(await answer(events)))
})
