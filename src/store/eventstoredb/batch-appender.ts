import { randomUUID } from 'node:crypto'
import sharedPb from '@eventstore/db-client/generated/shared_pb.js'
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js'
import streamsPb from '@eventstore/db-client/generated/streams_pb.js'
import type { ExpectedRevision } from '../event-store.js'
import type { Connection } from './connection.js'
import { identifierOf } from './read-requests.js'
import { placeOf } from './stored-event.js'
import { unreachable } from './translate-error.js'

const { BatchAppendReq } = streamsPb
const { UUID, Empty, WrongExpectedVersion, MaximumAppendSizeExceeded } = sharedPb

/** An event as the server takes it. */
export interface Proposal {
  readonly id: string
  readonly type: string
  readonly data: Uint8Array
  readonly metadata: Uint8Array
}

export type Answer =
  /** `position` of the last event, undefined when the server doesn't say; the same when it had written them before */
  | { readonly kind: 'written'; readonly revision: number; readonly position: number | undefined }
  | { readonly kind: 'wrong revision'; readonly actual: number }
  | { readonly kind: 'too large'; readonly limit: number }

export interface BatchAppender {
  /** One atomic append. What is sent first is judged first, without waiting for its answer. Throws SERVER_UNREACHABLE. */
  readonly append: (stream: string, proposals: readonly Proposal[], expected: ExpectedRevision) => Promise<Answer>
}

interface Waiting {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
  readonly timer: NodeJS.Timeout
}

const uuidOf = (text: string) => {
  const uuid = new UUID()
  uuid.setString(text)
  return uuid
}

/** The server may answer in either form, whichever it was asked in. */
const textOfUuid = (uuid: InstanceType<typeof UUID> | undefined): string => {
  const structured = uuid?.getStructured()
  if (structured === undefined) return uuid?.getString() ?? ''
  const halves = [structured.getMostSignificantBits(), structured.getLeastSignificantBits()]
  const hex = halves.map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const requestOf = (id: string, stream: string, proposals: readonly Proposal[], expected: ExpectedRevision) => {
  const options = new BatchAppendReq.Options()
  options.setStreamIdentifier(identifierOf(stream))
  if (expected === 'any') options.setAny(new Empty() as never)
  else if (expected === -1) options.setNoStream(new Empty() as never)
  else options.setStreamPosition(String(expected))
  const request = new BatchAppendReq()
  request.setCorrelationId(uuidOf(id))
  request.setOptions(options)
  request.setIsFinal(true)
  for (const { id: eventId, type, data, metadata } of proposals) {
    const message = new BatchAppendReq.ProposedMessage()
    message.setId(uuidOf(eventId))
    message.getMetadataMap().set('type', type).set('content-type', 'application/octet-stream')
    message.setData(data)
    message.setCustomMetadata(metadata)
    request.addProposedMessages(message)
  }
  return request
}

/** Throws an Error in the server's words for what no caller can act on. */
const answerOf = (response: BatchAppendResp): Answer => {
  const success = response.getSuccess()
  if (success !== undefined) {
    const position = placeOf(success.getPosition()?.getCommitPosition() ?? '-')
    return { kind: 'written', revision: Number(success.getCurrentRevision()), position }
  }
  const error = response.getError()
  const details = error?.getDetails()
  const bytes = details?.getValue_asU8() ?? new Uint8Array()
  switch (details?.getTypeName()) {
    case 'event_store.client.WrongExpectedVersion': {
      const wrong = WrongExpectedVersion.deserializeBinary(bytes)
      const actual = wrong.hasCurrentStreamRevision() ? Number(wrong.getCurrentStreamRevision()) : -1
      return { kind: 'wrong revision', actual }
    }
    case 'event_store.client.MaximumAppendSizeExceeded':
      return { kind: 'too large', limit: MaximumAppendSizeExceeded.deserializeBinary(bytes).getMaxappendsize() }
    case 'event_store.client.StreamDeleted':
      throw Object.assign(new Error('it takes no more events'), { type: 'stream-deleted' })
    case 'event_store.client.Timeout':
      throw Object.assign(new Error('it took too long'), { type: 'timeout' })
    case 'event_store.client.AccessDenied':
      throw Object.assign(new Error('access was denied'), { type: 'access-denied' })
    default:
      throw new Error(
        `EventStoreDB refused an append: ${error?.getMessage() || details?.getTypeName() || 'no reason given'}`,
      )
  }
}

/** A call, and the appends that wait for their answers over it. */
interface Line {
  readonly append: BatchAppender['append']
  isBroken: boolean
}

const openLine = (connection: Connection): Line => {
  const { place, deadline } = connection
  const waiting = new Map<string, Waiting>()
  const settle = (id: string, how: (waiting: Waiting) => void): void => {
    const one = waiting.get(id)
    // one that was given up, and is answered after all
    if (one === undefined) return
    waiting.delete(id)
    clearTimeout(one.timer)
    how(one)
  }
  const fail = (error: unknown): void => {
    line.isBroken = true
    for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(error))
  }
  const take = (response: BatchAppendResp): void =>
    settle(textOfUuid(response.getCorrelationId()), ({ resolve, reject }) => {
      try {
        resolve(answerOf(response))
      } catch (error) {
        reject(error)
      }
    })
  const opened = connection.batchAppend().then((call) => {
    call.on('data', take)
    call.on('error', fail)
    call.on('end', () => fail(unreachable(place, 'the server ended the call')))
    return call
  })
  opened.catch(fail)
  /** Gives up what waits for a server that doesn't answer, and the call: what comes next is not to wait behind it. */
  const giveUp = (): void => {
    fail(unreachable(place, `no answer in ${deadline} ms`))
    opened.then((call) => call.cancel()).catch(() => undefined)
  }
  const line: Line = {
    isBroken: false,
    append: (stream, proposals, expected) =>
      new Promise<Answer>((resolve, reject) => {
        const id = randomUUID()
        waiting.set(id, { resolve, reject, timer: setTimeout(giveUp, deadline) })
        opened.then((call) => call.write(requestOf(id, stream, proposals, expected))).catch(fail)
      }),
  }
  return line
}

/** All appends of a connection go over one call, opened at the first of them and again after it broke. */
export const batchAppender = (connection: Connection): BatchAppender => {
  let line: Line | undefined
  return {
    append: (stream, proposals, expected) => {
      if (line === undefined || line.isBroken) line = openLine(connection)
      return line.append(stream, proposals, expected)
    },
  }
}
