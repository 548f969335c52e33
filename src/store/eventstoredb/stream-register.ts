import { derivedUuid } from '../../../events/ids.js'
import type { BatchAppender } from './batch-appender.js'
import type { Connection } from './connection.js'
import { messagesOf } from './log.js'
import { streamFrom } from './read-requests.js'
import { recordedIn } from './stored-event.js'

/** Not one of ours by its name, so that no reader of the log meets it. */
const register = 'matchbook.streams'

/**
 * The names of our streams, which the server can't list without reading the whole log: each is written to a stream of
 * its own before the stream's first event. A name may stand there twice, or belong to a stream that was never begun.
 */
export interface StreamRegister {
  readonly enter: (stream: string) => Promise<void>
  readonly names: () => Promise<readonly string[]>
}

export const streamRegister = (connection: Connection, appender: BatchAppender): StreamRegister => {
  const entered = new Set<string>()
  return {
    enter: async (stream) => {
      if (entered.has(stream)) return
      const entry = {
        id: derivedUuid('stream', stream),
        type: 'StreamNamed',
        data: Buffer.from(stream),
        metadata: new Uint8Array(),
      }
      await appender.append(register, [entry], 'any')
      entered.add(stream)
    },
    names: async () => {
      const names = new Set<string>()
      for await (const messages of messagesOf(connection, streamFrom(register, 0, Number.MAX_SAFE_INTEGER))) {
        for (const message of messages) {
          const data = recordedIn(message)?.getData_asU8()
          if (data !== undefined) names.add(Buffer.from(data).toString())
        }
      }
      return [...names].sort()
    },
  }
}
