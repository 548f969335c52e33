import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { EventType } from '../../../events/catalogue.js'
import type { EncodedEvent } from '../../../events/encode.js'
import type { StoredEvent } from '../event-store.js'

type Recorded = ReadResp.ReadEvent.RecordedEvent

/** Beside an event's bytes: what the port wants besides and the server has no place for. */
export const metadataOf = ({ recordedAt, sha256 }: EncodedEvent): Buffer =>
  Buffer.from(`{"recordedAt":"${recordedAt}","sha256":"${sha256.toString('hex')}"}`)

interface Metadata {
  readonly recordedAt: string
  readonly sha256: string
}

const none: Metadata = { recordedAt: '', sha256: '' }

/** Metadata that isn't ours says nothing: such an event is shown as it is, with a hash that can't hold. */
const readMetadata = (bytes: Uint8Array): Metadata => {
  try {
    const { recordedAt, sha256 } = JSON.parse(textOf(bytes)) as Partial<Record<keyof Metadata, unknown>>
    return typeof recordedAt === 'string' && typeof sha256 === 'string' ? { recordedAt, sha256 } : none
  } catch {
    return none
  }
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')

/** A position or revision as a number; undefined for what the server says when it has none (2^64 − 1). */
export const placeOf = (text: string): number | undefined => {
  const place = Number(text)
  return Number.isSafeInteger(place) ? place : undefined
}

/** Throws for a server that says no position (EventStoreDB before 22.6) or one beyond 2^53. */
export const positionOf = (recorded: Recorded): number => {
  const position = placeOf(recorded.getCommitPosition())
  if (position === undefined) throw new Error('EventStoreDB says no position of an event: 22.10 or later is needed')
  return position
}

export const streamOf = (recorded: Recorded): string => textOf(recorded.getStreamIdentifier()!.getStreamName_asU8())

export const storedEvent = (recorded: Recorded): StoredEvent => {
  const { recordedAt, sha256 } = readMetadata(recorded.getCustomMetadata_asU8())
  return {
    position: positionOf(recorded),
    stream: streamOf(recorded),
    revision: Number(recorded.getStreamRevision()),
    id: recorded.getId()!.getString(),
    type: recorded.getMetadataMap().get('type') as EventType,
    body: textOf(recorded.getData_asU8()),
    sha256: Buffer.from(sha256, 'hex'),
    recordedAt,
  }
}

/** What a message says happened, if it brings an event. */
export const recordedIn = (message: ReadResp): Recorded | undefined => message.getEvent()?.getEvent()
