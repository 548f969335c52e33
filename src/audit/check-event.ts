import { left } from 'fp-ts/lib/Either.js'
import { canonicalJson, type Json } from '../../events/canonical-json.js'
import type { DomainEvent } from '../../events/catalogue.js'
import { decodeParsed } from '../../events/encode.js'
import { eventIdOf } from '../../events/ids.js'
import { sha256 } from '../../events/sha256.js'
import {
  importStream,
  ledgerStream,
  pidRegistryStream,
  rulesetStream,
  segmentStream,
  settingStream,
  sourceStream,
  voterFileStream,
} from '../../events/streams.js'
import { shown } from '../errors.js'
import type { StoredEvent } from '../store/event-store.js'

/** The stream that an event belongs to by what it says; undefined for a type that says nothing of its stream. */
const streamOf = ({ type, data }: DomainEvent): string | undefined => {
  switch (type) {
    case 'ImportStarted':
    case 'ContactImported':
    case 'ContactRejected':
    case 'ImportCompleted':
      return importStream(data.tenant, data.batch)
    case 'VoterFilePublished':
    case 'VoterFileWithdrawn':
      return voterFileStream(data.state)
    case 'PidBlockReserved':
      return pidRegistryStream
    case 'RulesetPublished':
      return rulesetStream(data.tenant)
    case 'SettingChanged':
      return settingStream(data.tenant)
    case 'SourceAdded':
      return sourceStream(data.tenant)
    case 'SegmentDefined':
    case 'SegmentMembersSet':
      return segmentStream(data.tenant)
    default:
      return 'tenant' in data ? ledgerStream(data.tenant) : undefined
  }
}

/** A row of a list is known by its place alone; other ids also say what they are of, see each writer. */
const idAt = ({ type }: DomainEvent, { stream, revision }: StoredEvent): string | undefined =>
  type === 'ContactImported' || type === 'ContactRejected' ? eventIdOf(stream, revision) : undefined

const columnsOf = (event: DomainEvent, stored: StoredEvent): string | undefined => {
  if (stored.id !== event.id) return `its column id is not the one it was written with, ${event.id}`
  if (stored.type !== event.type)
    return `its column type, ${shown(stored.type)}, is not the one of its text, ${event.type}`
  if (stored.recordedAt !== event.meta.recordedAt) {
    return `its column recorded_at, ${stored.recordedAt}, is not the time of its text, ${event.meta.recordedAt}`
  }
  const stream = streamOf(event)
  if (stream !== undefined && stream !== stored.stream) return `by what it says it belongs to stream ${stream}`
  const id = idAt(event, stored)
  return id === undefined || id === event.id ? undefined : 'it stood at another place of its stream: its id says so'
}

/**
 * What is wrong with one stored event, seen by itself: text and hash, canonical form, catalogue, and that the columns
 * beside the text say what it says. Position and revision stand in no text: the order of the log and its tree hold them.
 */
export const checkEvent = (stored: StoredEvent): { readonly event?: DomainEvent; readonly fault?: string } => {
  const { body } = stored
  if (!sha256(body).equals(stored.sha256)) return { fault: 'its text is not the one that was hashed: it was edited' }
  const raw = parsed(body)
  const decoded = raw === undefined ? left('it is no JSON') : decodeParsed(raw)
  if (decoded._tag === 'Left') return { fault: `it can't be read: ${decoded.left}` }
  const event = decoded.right
  if (!isCanonical(raw as Json, body))
    return { event, fault: 'its text is not canonical JSON, which is what is written' }
  const fault = columnsOf(event, stored)
  return fault === undefined ? { event } : { event, fault }
}

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const isCanonical = (raw: Json, body: string): boolean => {
  try {
    return canonicalJson(raw) === body
  } catch {
    // a lone surrogate
    return false
  }
}
