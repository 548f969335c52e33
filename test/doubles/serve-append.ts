import shared from '@eventstore/db-client/generated/shared_pb.js'
import status from '@eventstore/db-client/generated/status_pb.js'
import type { AppendReq, BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import {
  status as codes,
  Metadata,
  type ServerDuplexStream,
  type ServerReadableStream,
  type sendUnaryData,
} from '@grpc/grpc-js'
import type { EventLog, Expected, Proposed, Written } from './event-log.js'
import type { Faults } from './faults.js'

const { AppendResp, BatchAppendResp } = streams

/** The server's MaxAppendSize unless told otherwise. */
export const usualAppendSize = 1_048_576

type Message = BatchAppendReq.ProposedMessage | AppendReq.ProposedMessage

const proposed = (message: Message): Proposed => ({
  id: message.getId()!.getString(),
  type: message.getMetadataMap().get('type') ?? '',
  contentType: message.getMetadataMap().get('content-type') ?? '',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
})

const sizeOf = ({ type, data, metadata }: Proposed): number => data.length + metadata.length + 2 * type.length

const nameOf = (identifier: { getStreamName_asU8(): Uint8Array } | undefined): string =>
  Buffer.from(identifier!.getStreamName_asU8()).toString()

/** Error details are packed as in google.protobuf.Any, whose class the client doesn't hand out: two fields, by hand. */
const errorStatus = (type: string, details: { serializeBinary(): Uint8Array }, message: string) => {
  const field = (number: number, bytes: Uint8Array): Uint8Array => {
    if (bytes.length > 127) throw new Error('one byte says the length here')
    return Buffer.concat([Uint8Array.of((number << 3) | 2, bytes.length), bytes])
  }
  const any = Buffer.concat([
    field(1, Buffer.from(`type.googleapis.com/event_store.client.${type}`)),
    field(2, details.serializeBinary()),
  ])
  return status.Status.deserializeBinary(Buffer.concat([field(2, Buffer.from(message)), field(3, any)]))
}

const wrongVersion = (actual: number) => {
  const details = new shared.WrongExpectedVersion()
  if (actual >= 0) details.setCurrentStreamRevision(String(actual))
  else details.setCurrentNoStream(new shared.Empty() as never)
  return errorStatus('WrongExpectedVersion', details, 'wrong expected version')
}

const tooLarge = (limit: number) => {
  const details = new shared.MaximumAppendSizeExceeded()
  details.setMaxappendsize(limit)
  return errorStatus('MaximumAppendSizeExceeded', details, 'maximum append size exceeded')
}

interface Pending {
  readonly stream: string
  readonly expected: Expected
  readonly events: Proposed[]
  size: number
}

const expectedOf = (options: BatchAppendReq.Options): Expected => {
  if (options.hasAny()) return 'any'
  if (options.hasNoStream()) return 'no_stream'
  if (options.hasStreamExists()) return 'stream_exists'
  return Number(options.getStreamPosition())
}

const batchAnswer = (written: Written) => {
  const response = new BatchAppendResp()
  if (written.kind === 'wrong version') return response.setError(wrongVersion(written.actual))
  const success = new BatchAppendResp.Success()
  success.setCurrentRevision(String(written.revision))
  const position = new shared.AllStreamPosition()
  position.setCommitPosition(String(written.position))
  position.setPreparePosition(String(written.position))
  success.setPosition(position)
  return response.setSuccess(success)
}

type BatchCall = ServerDuplexStream<BatchAppendReq, InstanceType<typeof BatchAppendResp>>

/** Appends of one call are judged in the order in which they come; each may come in parts. */
export const serveBatchAppend = (log: EventLog, faults: Faults, maxAppendSize: number) => (call: BatchCall) => {
  const pending = new Map<string, Pending>()
  const answer = (request: BatchAppendReq, stream: string, response: InstanceType<typeof BatchAppendResp>): void => {
    response.setCorrelationId(request.getCorrelationId())
    const identifier = new shared.StreamIdentifier()
    identifier.setStreamName(Buffer.from(stream))
    response.setStreamIdentifier(identifier)
    faults.answered(() => call.write(response))
  }
  const take = (request: BatchAppendReq): void => {
    const id = request.getCorrelationId()!.getString()
    const options = request.getOptions()
    if (options !== undefined) {
      const stream = nameOf(options.getStreamIdentifier())
      pending.set(id, { stream, expected: expectedOf(options), events: [], size: 0 })
    }
    const append = pending.get(id)
    if (append === undefined) return
    for (const message of request.getProposedMessagesList()) {
      const event = proposed(message)
      append.events.push(event)
      append.size += sizeOf(event)
    }
    if (append.size > maxAppendSize) {
      pending.delete(id)
      answer(request, append.stream, new BatchAppendResp().setError(tooLarge(maxAppendSize)))
      return
    }
    if (!request.getIsFinal()) return
    pending.delete(id)
    answer(request, append.stream, batchAnswer(log.append(append.stream, append.events, append.expected)))
  }
  call.on('data', (request: BatchAppendReq) => faults.reached(() => take(request)))
  call.on('end', () => call.end())
  call.on('error', () => undefined)
}

const exceptionOf = (code: codes, details: string, entries: Readonly<Record<string, string>>) => {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(entries)) metadata.set(name, value)
  return { code, details, metadata }
}

const appendAnswer = (written: Written) => {
  const response = new AppendResp()
  if (written.kind === 'wrong version') {
    const wrong = new AppendResp.WrongExpectedVersion()
    if (written.actual >= 0) wrong.setCurrentRevision(String(written.actual))
    else wrong.setCurrentNoStream(new shared.Empty())
    return response.setWrongExpectedVersion(wrong)
  }
  const success = new AppendResp.Success()
  success.setCurrentRevision(String(written.revision))
  const position = new AppendResp.Position()
  position.setCommitPosition(String(written.position))
  position.setPreparePosition(String(written.position))
  success.setPosition(position)
  return response.setSuccess(success)
}

type AppendCall = ServerReadableStream<AppendReq, InstanceType<typeof AppendResp>>

export const serveAppend =
  (log: EventLog, faults: Faults, maxAppendSize: number) =>
  (call: AppendCall, callback: sendUnaryData<InstanceType<typeof AppendResp>>) => {
    let stream = ''
    let expected: Expected = 'any'
    let size = 0
    const events: Proposed[] = []
    call.on('data', (request: AppendReq) => {
      const options = request.getOptions()
      if (options !== undefined) {
        stream = nameOf(options.getStreamIdentifier())
        if (options.hasNoStream()) expected = 'no_stream'
        else if (options.hasStreamExists()) expected = 'stream_exists'
        else if (options.hasRevision()) expected = Number(options.getRevision())
      }
      const message = request.getProposedMessage()
      if (message === undefined) return
      const event = proposed(message)
      events.push(event)
      size += sizeOf(event)
    })
    call.on('error', () => undefined)
    call.on('end', () =>
      faults.reached(() => {
        if (size > maxAppendSize) {
          const text = `Maximum Append Size of ${maxAppendSize} Exceeded.`
          const entries = {
            exception: 'maximum-append-size-exceeded',
            'maximum-append-size': String(maxAppendSize),
          }
          callback(exceptionOf(codes.INVALID_ARGUMENT, text, entries))
          return
        }
        const written = log.append(stream, events, expected)
        faults.answered(() => callback(null, appendAnswer(written)))
      }),
    )
  }
