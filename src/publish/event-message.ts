import { type DomainEvent, versionOf } from '../../events/catalogue.js'
import { ownerOf, textParts } from '../../events/text-parts.js'
import { decodeStored } from '../store/decode-stored.js'
import type { StoredEvent } from '../store/event-store.js'
import { bytesOf, type Message } from './message.js'

/** An event as it is published: without its `pii` part, which never leaves the store. */
export type PublishedEvent = Pick<DomainEvent, 'id' | 'type' | 'v' | 'meta' | 'data'>

/** Stands for an event that is larger than a message may be: where it is to be read, and what it must hash to. */
export interface LeftOut {
  readonly leftOut: {
    /** bytes of the value that was not sent */
    readonly bytes: number
    readonly position: number
    /** hex, of the event's text in the store */
    readonly sha256: string
  }
}

type OfSomebody = { readonly tenant?: string; readonly personId?: string }

/** A person's events share a partition, so that their order is kept; those of nobody go by their stream. */
const keyOf = ({ tenant, personId }: OfSomebody, stream: string): string =>
  tenant === undefined || personId === undefined ? stream : `${tenant}/${personId}`

/** CloudEvents 1.0 attributes as Kafka headers in binary mode; `tenant` and `position` are extensions. */
const headersOf = ({ id, type, stream, recordedAt, position }: StoredEvent, { tenant }: OfSomebody, v: number) => ({
  ce_specversion: '1.0',
  ce_id: id,
  ce_type: `matchbook.${type}.v${v}`,
  ce_source: stream,
  ce_time: recordedAt,
  ce_position: String(position),
  ...(tenant === undefined ? {} : { ce_tenant: tenant }),
  'content-type': 'application/json',
})

const withoutPii = ({ data, id, meta, type, v }: DomainEvent): PublishedEvent => ({ data, id, meta, type, v })

/** What of an event leaves the store: its text of the current version without `pii`, whose it is, and that version. */
export interface Spoken {
  readonly value: string
  readonly owner: OfSomebody
  readonly v: number
}

/** By the text alone: `pii` is cut out and nothing is parsed. Undefined for few types, and for an older version. */
const spokenByText = (stored: StoredEvent): Spoken | undefined => {
  const { body, type } = stored
  const parts = textParts(stored)
  if (parts === undefined || parts.v !== versionOf(type)) return undefined
  return {
    value: body.slice(0, parts.metaEnd) + body.slice(parts.tail),
    owner: ownerOf(body, parts),
    v: parts.v,
  }
}

/** Throws BAD_EVENT. */
export const spoken = (stored: StoredEvent): Spoken => {
  const byText = spokenByText(stored)
  if (byText !== undefined) return byText
  const event = decodeStored(stored)
  return { value: JSON.stringify(withoutPii(event)), owner: event.data as OfSomebody, v: event.v }
}

/**
 * The message of an event, its value in a few hundred bytes as a rule. One that would be larger than `maxBytes` says so in
 * its value instead of what happened, so that nothing is missing and nobody stops at it.
 */
export const eventMessage = (stored: StoredEvent, { value, owner, v }: Spoken, maxBytes: number): Message => {
  const key = keyOf(owner, stored.stream)
  const headers = headersOf(stored, owner, v)
  const message = { key, value, headers }
  if (bytesOf(message) <= maxBytes) return message
  const leftOut: LeftOut = {
    leftOut: {
      bytes: Buffer.byteLength(value),
      position: stored.position,
      sha256: stored.sha256.toString('hex'),
    },
  }
  return { key, value: JSON.stringify(leftOut), headers: { ...headers, ce_leftout: 'true' } }
}

export const isLeftOut = ({ headers }: Message): boolean => headers?.['ce_leftout'] === 'true'
