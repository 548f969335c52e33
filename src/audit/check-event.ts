import { left } from 'fp-ts/lib/Either.js'
import type { DomainEvent } from '../../events/catalogue.js'
import { decodeParsed } from '../../events/encode.js'
import { isCanonicalJson } from '../../events/is-canonical-json.js'
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
import { textParts } from '../../events/text-parts.js'
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

const columnsOf = (event: DomainEvent, stored: Formed): string | undefined => {
  if (stored.id !== event.id) return `its column id is not the one it was written with, ${event.id}`
  if (stored.type !== event.type)
    return `its column type, ${shown(stored.type)}, is not the one of its text, ${event.type}`
  if (stored.recordedAt !== event.meta.recordedAt) {
    return `its column recorded_at, ${stored.recordedAt}, is not the time of its text, ${event.meta.recordedAt}`
  }
  const stream = streamOf(event)
  return stream === undefined || stream === stored.stream ? undefined : `by what it says it belongs to stream ${stream}`
}

/** What a check of an event's form needs of it. */
export type Formed = Pick<StoredEvent, 'stream' | 'revision' | 'id' | 'type' | 'recordedAt' | 'body'>

export interface CheckedForm {
  readonly event?: DomainEvent
  readonly fault?: string
}

/**
 * What is wrong with an event's text and the columns beside it: canonical form, catalogue, and that the columns say what
 * the text says. Position and revision stand in no text: the order of the log and its tree hold them.
 */
export const checkForm = (stored: Formed): CheckedForm => {
  const raw = parsed(stored.body)
  const decoded = raw === undefined ? left('it is no JSON') : decodeParsed(raw)
  if (decoded._tag === 'Left') return { fault: `it can't be read: ${decoded.left}` }
  const event = decoded.right
  if (!isCanonicalJson(stored.body)) return { event, fault: 'its text is not canonical JSON, which is what is written' }
  const fault = columnsOf(event, stored)
  return fault === undefined ? { event } : { event, fault }
}

/**
 * True when an event of one of the many types stands beside the columns that its text names; false: look closer. Parses
 * nothing: only for a text that is known to be what was written.
 */
export const isBesideItsColumns = (stored: Formed): boolean => textParts(stored) !== undefined

export const isHashed = ({ body, sha256: hash }: StoredEvent): boolean => sha256(body).equals(hash)

export const editedFault = 'its text is not the one that was hashed: it was edited'

/** What is wrong with one stored event, seen by itself: its form and its hash. */
export const checkEvent = (stored: StoredEvent): CheckedForm =>
  isHashed(stored) ? checkForm(stored) : { fault: editedFault }

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
