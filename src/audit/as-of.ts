import type { Candidate } from '../../events/matchbook.js'
import { DateText } from '../../events/primitives.js'
import type { Placed } from '../../projections/family.js'
import { takeContact } from '../../projections/person/contact-values.js'
import { type Contribution, contribution, versionOf } from '../../projections/person/contributions.js'
import { newPersonRow, type PersonRow } from '../../projections/person/person-row.js'
import {
  type Entry,
  emptyEntry,
  evolve,
  type Link,
  type RejectedPair,
  type Standing,
  standing,
} from '../decide/entry.js'
import { appError, shown } from '../errors.js'
import type { PersonHistory } from './person-history.js'

/** A point of the past: an event's position, that event included, or an instant. */
export type Moment = { readonly position: number } | { readonly time: string }

/** What happened to a person, an event each. */
export interface Happening {
  readonly position: number
  readonly recordedAt: string
  readonly type: string
  readonly actor: string
  readonly outcome: string | null
  readonly reason: string | null
  /** `FL:123` */
  readonly voter: string | null
  readonly score: number | null
  /** that a decision was made by */
  readonly ruleset: string | null
  readonly threshold: number | null
  readonly engine: string
  /** a human's own words */
  readonly note: string | null
}

/** A person as it stood at a moment. */
export interface PersonAsOf {
  readonly asOf: Moment | null
  readonly person: Omit<PersonRow, 'contacts' | 'original_data'>
  readonly standing: Standing | null
  readonly link: Link | null
  readonly verdict: Entry['verdict']
  readonly rejected: readonly RejectedPair[]
  readonly reopened: Entry['reopened']
  readonly candidates: readonly Candidate[]
  readonly contacts: readonly Contribution[]
  readonly history: readonly Happening[]
}

const isoTime = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/

/** Reads a position or a time; a day alone means its end, and a time without a zone is UTC. Throws BAD_USAGE. */
export const parseMoment = (text: string): Moment => {
  const trimmed = text.trim()
  if (/^\d+$/.test(trimmed)) return { position: Number(trimmed) }
  const zoned = /[T ]/.test(trimmed) ? trimmed.replace(' ', 'T').replace(/(\d)$/, '$1Z') : `${trimmed}T23:59:59.999Z`
  const time = isoTime.test(trimmed) ? new Date(/[Zz]$|[+-]\d\d:?\d\d$/.test(trimmed) ? trimmed : zoned) : undefined
  // a 30th of February is no day, though it can be counted on from the 1st
  const isDay = DateText.is(trimmed.slice(0, 10))
  if (time !== undefined && isDay && !Number.isNaN(time.getTime())) return { time: time.toISOString() }
  throw appError('BAD_USAGE', `--as-of: ${shown(text)} is neither a position nor a time such as 2026-11-03T12:00:00Z`, {
    value: text,
  })
}

/** Refuses what is still to come: `head` is the newest position, `now` the clock. Throws BAD_USAGE. */
export const refuseFuture = (moment: Moment, head: number, now: Date): void => {
  if ('position' in moment ? moment.position <= head : new Date(moment.time) <= endOfDay(now)) return
  const last = 'position' in moment ? `the newest event stands at position ${head}` : `it is ${now.toISOString()}`
  const asked = 'position' in moment ? `position ${moment.position}` : moment.time
  throw appError('BAD_USAGE', `--as-of: ${asked} is in the future; ${last}`, { value: asked })
}

/** Today may be named as a day, which ends later. */
const endOfDay = (now: Date): Date => new Date(`${now.toISOString().slice(0, 10)}T23:59:59.999Z`)

const isBy = (moment: Moment | null, { position, event }: Placed): boolean => {
  if (moment === null) return true
  return 'position' in moment ? position <= moment.position : event.meta.recordedAt <= moment.time
}

/** Folds what was known of a person at a moment (null: now). Throws PERSON_NOT_FOUND when that was nothing. */
export const personAsOf = (history: PersonHistory, moment: Moment | null): PersonAsOf => {
  const contacts = history.contacts.filter((placed) => isBy(moment, placed))
  const [first] = contacts
  if (first === undefined) {
    throw appError('PERSON_NOT_FOUND', 'the person was not known then: no contact of it had been imported', {})
  }
  const row = newPersonRow(first)
  const contributions: Contribution[] = []
  for (const contact of contacts) {
    takeContact(row, contact.event.pii.contact)
    contributions.push(contribution(contributions, contact))
  }
  row.version = versionOf(contributions)
  const { contacts: _contacts, original_data: _original, ...person } = row
  let entry = emptyEntry
  const happenings: Happening[] = contacts.map((contact) => happening(contact, null))
  for (const placed of history.ledger) {
    if (!isBy(moment, placed)) continue
    entry = evolve(entry, placed.event, placed.position)
    happenings.push(happening(placed, standing(entry)))
  }
  return {
    asOf: moment,
    person,
    standing: standing(entry),
    link: entry.link,
    verdict: entry.verdict,
    rejected: entry.rejected,
    reopened: entry.reopened,
    candidates: entry.decided?.decision.candidates ?? [],
    contacts: contributions,
    history: happenings.sort((a, b) => a.position - b.position),
  }
}

/** A decision says what was decided, any other event how the person stood after it. */
const happening = ({ position, event }: Placed, now: Standing | null): Happening => {
  const { recordedAt, actor, engine } = event.meta
  const said = event.type === 'MatchDecided' ? event.data.decision : now
  const voter = said?.svid !== undefined ? said : 'svid' in event.data ? event.data : undefined
  const note = event.pii !== undefined && 'note' in event.pii ? event.pii.note : undefined
  return {
    ...{ position, recordedAt, type: event.type, actor, engine },
    outcome: said?.outcome ?? null,
    reason: said?.reason ?? null,
    voter: voter === undefined ? null : `${voter.state}:${voter.svid}`,
    score: said?.score ?? null,
    ruleset: event.type === 'MatchDecided' ? event.data.ruleset : null,
    threshold: event.type === 'MatchDecided' ? event.data.threshold : null,
    note: note ?? null,
  }
}
