import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import shared from '@eventstore/db-client/generated/shared_pb.js'
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import { type ServerWritableStream, status } from '@grpc/grpc-js'
import type { EventLog, LogRecord } from './event-log.js'
import type { Faults } from './faults.js'

const { ReadReq: Requests, ReadResp } = streams
type Response = InstanceType<typeof ReadResp>
export type ReadCall = ServerWritableStream<ReadReq, Response>

/** Considered events between two pages of the real server, which is also its window for checkpoints. */
const window = 32
const ticksPerMillisecond = 10_000

const eventResponse = (record: LogRecord): Response => {
  const recorded = new ReadResp.ReadEvent.RecordedEvent()
  const id = new shared.UUID()
  id.setString(record.id)
  recorded.setId(id)
  const stream = new shared.StreamIdentifier()
  stream.setStreamName(Buffer.from(record.stream))
  recorded.setStreamIdentifier(stream)
  recorded.setStreamRevision(String(record.revision))
  recorded.setCommitPosition(String(record.position))
  recorded.setPreparePosition(String(record.position))
  const metadata = recorded.getMetadataMap()
  metadata.set('type', record.type)
  metadata.set('content-type', record.contentType)
  metadata.set('created', String(record.createdAt * ticksPerMillisecond))
  recorded.setData(record.data)
  recorded.setCustomMetadata(record.metadata)
  const event = new ReadResp.ReadEvent()
  event.setEvent(recorded)
  event.setCommitPosition(String(record.position))
  return new ReadResp().setEvent(event)
}

const checkpointResponse = (record: LogRecord): Response => {
  const checkpoint = new ReadResp.Checkpoint()
  checkpoint.setCommitPosition(String(record.position))
  checkpoint.setPreparePosition(String(record.position))
  return new ReadResp().setCheckpoint(checkpoint)
}

const confirmation = (): Response => {
  const confirmed = new ReadResp.SubscriptionConfirmation()
  confirmed.setSubscriptionId(randomUUID())
  return new ReadResp().setConfirmation(confirmed)
}

const notFound = (stream: string): Response => {
  const missing = new ReadResp.StreamNotFound()
  const identifier = new shared.StreamIdentifier()
  identifier.setStreamName(Buffer.from(stream))
  missing.setStreamIdentifier(identifier)
  return new ReadResp().setStreamNotFound(missing)
}

const filterOf = (options: ReadReq.Options): ((record: LogRecord) => boolean) => {
  const filter = options.getFilter()
  if (filter === undefined) return () => true
  const byStream = filter.getStreamIdentifier()
  const expression = byStream ?? filter.getEventType()!
  const prefixes = expression.getPrefixList()
  const regex = prefixes.length > 0 ? undefined : new RegExp(expression.getRegex())
  const matches = (text: string): boolean => regex?.test(text) ?? prefixes.some((prefix) => text.startsWith(prefix))
  return (record) => matches(byStream === undefined ? record.type : record.stream)
}

/** Sends, and waits when the client doesn't keep up. False when the call is over. */
type Send = (response: Response) => Promise<boolean>

const senderOf = (call: ReadCall): Send => {
  let wake = (): void => undefined
  for (const event of ['drain', 'cancelled', 'close', 'error']) call.on(event, () => wake())
  const isOver = (): boolean => call.cancelled || call.destroyed
  return async (response) => {
    if (isOver()) return false
    if (!call.write(response) && !isOver()) await new Promise<void>((resolve) => (wake = resolve))
    return !isOver()
  }
}

const readStream = async (log: EventLog, send: Send, options: ReadReq.Options): Promise<void> => {
  const of = options.getStream()!
  const name = Buffer.from(of.getStreamIdentifier()!.getStreamName_asU8()).toString()
  const own = log.stream(name)
  if (own === undefined) {
    await send(notFound(name))
    return
  }
  const isForwards = options.getReadDirection() === Requests.Options.ReadDirection.FORWARDS
  const last = own.length - 1
  let at = of.hasEnd()
    ? last
    : of.hasRevision()
      ? Math.min(Number(of.getRevision()), isForwards ? own.length : last)
      : 0
  const step = isForwards ? 1 : -1
  for (let left = Number(options.getCount()); left > 0 && at >= 0 && at <= last; left--, at += step) {
    if (!(await send(eventResponse(own[at]!)))) return
  }
}

/**
 * Where a read of the log begins. A position where no record begins is refused, or answered with nothing: the real
 * server does one or the other by what it happens to find there.
 */
const startIndex = (log: EventLog, options: ReadReq.Options): number | 'refused' | 'nothing' => {
  const all = options.getAll()!
  if (all.hasStart()) return 0
  if (all.hasEnd()) return log.records.length
  const position = Number(all.getPosition()!.getCommitPosition())
  const index = log.indexOf(position)
  const record = log.records[index]
  if (record === undefined || record.position === position) return index
  return position % 2 === 0 ? 'refused' : 'nothing'
}

const readAll = async (log: EventLog, send: Send, options: ReadReq.Options, start: number): Promise<void> => {
  const matches = filterOf(options)
  const isForwards = options.getReadDirection() === Requests.Options.ReadDirection.FORWARDS
  const end = log.records.length
  let left = Number(options.getCount())
  // forwards from a position it is included, backwards it is not
  for (let at = isForwards ? start : start - 1; left > 0 && at >= 0 && at < end; at += isForwards ? 1 : -1) {
    const record = log.records[at]!
    if (!matches(record)) continue
    left--
    if (!(await send(eventResponse(record)))) return
  }
}

/** Counts the records that subscriptions looked through, ours or not. */
export interface Looked {
  records: number
}

/** Behind a position: that one is not sent again. Checkpoints come after so many considered events, and at the end. */
const subscribe = async (
  log: EventLog,
  faults: Faults,
  call: ReadCall,
  send: Send,
  options: ReadReq.Options,
  start: number,
  looked: Looked,
): Promise<void> => {
  const ended = new AbortController()
  for (const event of ['cancelled', 'close', 'error']) call.on(event, () => ended.abort())
  const matches = filterOf(options)
  const filter = options.getFilter()
  const interval = (filter?.getCheckpointintervalmultiplier() || 1) * (filter?.hasMax() ? filter.getMax() : window)
  await send(confirmation())
  let considered = 0
  let isLive = false
  for (let at = options.getAll()!.hasPosition() ? start + 1 : start; !ended.signal.aborted; ) {
    for (; at < log.records.length; at++) {
      const record = log.records[at]!
      looked.records++
      if (matches(record) && !(await send(eventResponse(record)))) return
      if (++considered % interval === 0 && !(await send(checkpointResponse(record)))) return
    }
    if (!isLive) {
      const last = log.records[at - 1]
      if (last !== undefined) await send(checkpointResponse(last))
      await send(new ReadResp().setCaughtUp(new ReadResp.CaughtUp()))
      isLive = true
    }
    await log.grown(ended.signal)
    await new Promise<void>((resolve) => faults.reached(resolve))
  }
}

const refusal = { code: status.UNKNOWN, details: 'Trying to read from an invalid position.' }

export const serveRead = async (log: EventLog, faults: Faults, looked: Looked, call: ReadCall): Promise<void> => {
  await new Promise<void>((resolve) => faults.reached(resolve))
  const options = call.request.getOptions()!
  const send = senderOf(call)
  if (options.hasStream()) await readStream(log, send, options)
  else {
    const start = startIndex(log, options)
    if (start === 'refused') {
      call.emit('error', refusal)
      return
    }
    if (options.hasSubscription()) {
      if (start === 'nothing') await once(call, 'close')
      else await subscribe(log, faults, call, send, options, start, looked)
    } else if (start !== 'nothing') await readAll(log, send, options, start)
  }
  call.end()
}
