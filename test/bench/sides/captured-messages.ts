import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { foldLinksAside } from '../../../src/publish/fold-links-aside.js'
import type { KafkaSettings } from '../../../src/publish/kafka-settings.js'
import { linkTables } from '../../../src/publish/link-tables.js'
import type { Message } from '../../../src/publish/message.js'
import type { Session } from '../../../src/publish/open-session.js'
import { publishBatches } from '../../../src/publish/publish-batches.js'
import { batchSize, start } from '../../../src/publish/start.js'
import { topicsOf } from '../../../src/publish/topics.js'
import type { Imported } from './imported.js'

/** One transaction of the publisher: the messages by topic. */
export type Transaction = readonly { readonly topic: string; readonly messages: readonly Message[] }[]

export interface Captured {
  readonly transactions: () => AsyncGenerator<Transaction>
  readonly messages: number
}

/** What the publisher would send, in a file, a line a transaction. */
export const captureMessages = async (
  { workplace: { db, store }, dataDir }: Imported,
  settings: KafkaSettings,
): Promise<Captured> => {
  const path = join(dataDir, 'messages.jsonl')
  const file = await open(path, 'w')
  let messages = 0
  const session: Session = {
    topics: topicsOf(settings),
    reached: undefined,
    send: async (sent) => {
      const all = sent.map(({ topic, messages }) => ({ topic: topic.name, messages }))
      if (all.length === 0) return
      for (const { messages: own } of all) messages += own.length
      await file.write(`${JSON.stringify(all)}\n`)
    },
    close: async () => undefined,
  }
  const { maxMessageBytes } = settings
  const tables = linkTables(db, settings.prefix)
  const publishing = { store, tables, session, maxMessageBytes, from: undefined, onFilled: () => undefined }
  const reached = await start(publishing)
  const endReading = (): void => undefined
  const folder = foldLinksAside({ url: db.url, prefix: settings.prefix, maxMessageBytes })
  const options = { folder, session, maxMessageBytes, reached, onPublished: () => undefined, endReading }
  await publishBatches(options, store.readAll({ batchSize }))
  await folder.close()
  await file.close()
  return {
    transactions: async function* () {
      for await (const line of createInterface({ input: createReadStream(path) })) yield JSON.parse(line) as Transaction
    },
    messages,
  }
}
