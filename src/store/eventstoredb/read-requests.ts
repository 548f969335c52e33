import sharedPb from '@eventstore/db-client/generated/shared_pb.js'
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js'
import streamsPb from '@eventstore/db-client/generated/streams_pb.js'
import { streamPrefixes } from '../../../events/streams.js'

const { Empty, StreamIdentifier } = sharedPb
const { Options } = streamsPb.ReadReq

/** A place in the log: an event's position, or the very beginning. */
export type LogPlace = number | 'start'

const everything = Number.MAX_SAFE_INTEGER
const forwards = 0
const backwards = 1

/** Considered events (32 a window) between two checkpoints of a subscription that finds none of ours. */
const windowsPerCheckpoint = 32

export const identifierOf = (stream: string) => {
  const identifier = new StreamIdentifier()
  identifier.setStreamName(Uint8Array.from(Buffer.from(stream)))
  return identifier
}

const optionsWith = (direction: 0 | 1): InstanceType<typeof Options> => {
  const options = new Options()
  const uuid = new Options.UUIDOption()
  uuid.setString(new Empty())
  options.setUuidOption(uuid)
  options.setReadDirection(direction)
  options.setResolveLinks(false)
  options.setNoFilter(new Empty())
  return options
}

const requestOf = (options: InstanceType<typeof Options>): ReadReq => {
  const request = new streamsPb.ReadReq()
  request.setOptions(options)
  return request
}

/** Our streams alone, chosen by the server. */
const ourStreams = () => {
  const prefixes = new Options.FilterOptions.Expression()
  prefixes.setPrefixList([...streamPrefixes])
  const filter = new Options.FilterOptions()
  filter.setStreamIdentifier(prefixes)
  filter.setCount(new Empty())
  filter.setCheckpointintervalmultiplier(windowsPerCheckpoint)
  return filter
}

const allFrom = (place: LogPlace | 'end') => {
  const all = new Options.AllOptions()
  if (place === 'start') all.setStart(new Empty())
  else if (place === 'end') all.setEnd(new Empty())
  else {
    const position = new Options.Position()
    position.setCommitPosition(String(place))
    position.setPreparePosition(String(place))
    all.setPosition(position)
  }
  return all
}

/** A stream's events from a revision on. */
export const streamFrom = (stream: string, revision: number, count: number): ReadReq => {
  const of = new Options.StreamOptions()
  of.setStreamIdentifier(identifierOf(stream))
  of.setRevision(String(revision))
  const options = optionsWith(forwards)
  options.setStream(of)
  options.setCount(String(count))
  return requestOf(options)
}

/** A stream's last event. */
export const streamEnd = (stream: string): ReadReq => {
  const of = new Options.StreamOptions()
  of.setStreamIdentifier(identifierOf(stream))
  of.setEnd(new Empty())
  const options = optionsWith(backwards)
  options.setStream(of)
  options.setCount('1')
  return requestOf(options)
}

/** Our events of the log from a place on, that place included. */
export const ourLogFrom = (place: LogPlace): ReadReq => {
  const options = optionsWith(forwards)
  options.setAll(allFrom(place))
  options.setCount(String(everything))
  options.setFilter(ourStreams())
  return requestOf(options)
}

/** The one event of the log at a position, whoever's it is. */
export const logEventAt = (position: number): ReadReq => {
  const options = optionsWith(forwards)
  options.setAll(allFrom(position))
  options.setCount('1')
  return requestOf(options)
}

/** The event before an event of the log, whoever's it is. */
export const logEventBefore = (position: number): ReadReq => {
  const options = optionsWith(backwards)
  options.setAll(allFrom(position))
  options.setCount('1')
  return requestOf(options)
}

/** Our last event of the log. */
export const ourLogEnd = (): ReadReq => {
  const options = optionsWith(backwards)
  options.setAll(allFrom('end'))
  options.setCount('1')
  options.setFilter(ourStreams())
  return requestOf(options)
}

/** Our events behind a place, then those that come. */
export const ourLogAfter = (place: LogPlace): ReadReq => {
  const options = optionsWith(forwards)
  options.setAll(allFrom(place))
  options.setSubscription(new Options.SubscriptionOptions())
  options.setFilter(ourStreams())
  return requestOf(options)
}
