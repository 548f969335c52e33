import type { Topic } from './topics.js'

/** A message before it goes to Kafka; a null value is a tombstone. */
export interface Message {
  readonly key: string
  readonly value: string | null
  readonly headers?: Readonly<Record<string, string>>
}

export interface TopicMessages {
  readonly topic: Topic
  readonly messages: readonly Message[]
}

/** What a record costs besides its parts: lengths, offset, time; a batch's own 61 bytes are in it. */
const overhead = 100

/** An upper bound of the message's bytes on the wire. */
export const bytesOf = ({ key, value, headers }: Message): number => {
  let bytes = overhead + Buffer.byteLength(key) + (value === null ? 0 : Buffer.byteLength(value))
  for (const name in headers) bytes += name.length + headers[name]!.length * 3 + 4
  return bytes
}
