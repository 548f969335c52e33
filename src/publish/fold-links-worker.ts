import { parentPort, workerData } from 'node:worker_threads'
import type { DomainEvent } from '../../events/catalogue.js'
import { decodeWithoutPii } from '../../events/encode.js'
import { personVoter } from '../../projections/book/tables.js'
import type { Placed } from '../../projections/family.js'
import { pid } from '../../projections/pid/table.js'
import { isAppError } from '../errors.js'
import { openDatabase } from '../postgres/connect.js'
import { orBadEvent } from '../store/decode-stored.js'
import type { FoldAnswer, FoldStart, FoldTask, SentWord } from './fold-links-aside.js'
import { type LinkChanges, linkTables } from './link-tables.js'
import { rowMessages } from './row-message.js'

/** A thread that folds batches into the publisher's copy of the tables, and answers with the messages of what changed. */
const port = parentPort
if (port === null) throw new Error('fold-links-worker runs as a worker thread')

const { url, prefix, maxMessageBytes } = workerData as FoldStart
const tables = linkTables(openDatabase({ url, connections: 1 }), prefix)
const links = rowMessages(personVoter, maxMessageBytes)
const pids = rowMessages(pid, maxMessageBytes)

/**
 * Batches of one transaction at most. It ends when Kafka has all that it folded: once for so many the thread is not ahead
 * of Kafka. After a crash so many are folded again, some two seconds of them.
 */
const mostBatches = 16

const post = (answer: FoldAnswer): void => port.postMessage(answer)

const tasks: FoldTask[] = []
let sent = -1
let heard: () => void = () => undefined

const hear = (): Promise<void> =>
  new Promise((resolve) => {
    heard = resolve
  })

/** The next batch to fold behind `folded` others that reach `last`; undefined: Kafka has them all, the copy may follow. */
const nextTask = async (folded: number, last: number): Promise<FoldTask | undefined> => {
  for (;;) {
    if (folded < mostBatches && tasks.length > 0) return tasks.shift()
    if (folded > 0 && sent >= last) return undefined
    await hear()
  }
}

const placedIn = ({ positions, streams, revisions, texts }: FoldTask): readonly Placed[] =>
  texts.split('\n').map((text, i) => {
    const place = { position: positions[i]!, stream: streams[i]!, revision: revisions[i]! }
    // folding links asks for no `pii`
    return { ...place, event: orBadEvent(place, decodeWithoutPii(text)) as DomainEvent }
  })

const postChanges = ({ personVoter: link, pid: own }: LinkChanges): void =>
  post({ links: links.ofChanges(link), pids: pids.ofChanges(own) })

/** One transaction, from a batch to the last that Kafka has taken. */
const foldFrom = async (first: FoldTask): Promise<void> => {
  let last = -1
  await tables.foldSeveral(first.after, async (fold) => {
    let task: FoldTask | undefined = first
    for (let folded = 1; task !== undefined; folded++) {
      postChanges(await fold(placedIn(task)))
      last = task.positions[task.positions.length - 1]!
      task = await nextTask(folded, last)
    }
  })
  post({ copied: last })
}

const foldForEver = async (): Promise<void> => {
  for (;;) {
    const first = await nextTask(0, -1)
    if (first !== undefined) await foldFrom(first)
  }
}

port.on('message', (message: FoldTask | SentWord) => {
  if ('sent' in message) sent = message.sent
  else tasks.push(message)
  heard()
})

foldForEver().catch((error: unknown) => {
  if (!isAppError(error)) throw error
  post({ failure: error })
})
