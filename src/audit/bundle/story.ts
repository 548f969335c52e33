import type { EventOf } from '../../../events/catalogue.js'
import type { Contact } from '../../../events/contact.js'
import type { Placed } from '../../../projections/family.js'
import { type Contribution, contribution, versionOf } from '../../../projections/person/contributions.js'
import {
  type Entry,
  emptyEntry,
  evolve,
  isLedgerEvent,
  type LedgerEvent,
  type RejectedPair,
} from '../../decide/entry.js'

/** One decision of a person with what was known when it was made. */
export interface StoryDecision {
  readonly position: number
  readonly event: EventOf<'MatchDecided'>
  /** the contacts that it was made of; undefined: not among the events */
  readonly contacts: readonly Contact[] | undefined
  /** pairs that a human had rejected, for the same data of the person */
  readonly excluded: readonly RejectedPair[]
}

type PlacedContact = Placed<EventOf<'ContactImported'>>

export interface Story {
  readonly personId: string
  readonly pid: string
  readonly contacts: readonly PlacedContact[]
  readonly steps: readonly { readonly position: number; readonly event: LedgerEvent }[]
  readonly decisions: readonly StoryDecision[]
  /** how the person stands after all of them */
  readonly entry: Entry
}

/** A person's story, from its events alone. Undefined when there is no contact of the person among them. */
export const storyOf = (personId: string, events: readonly Placed[]): Story | undefined => {
  const contacts = events.flatMap(({ event, ...place }) =>
    event.type === 'ContactImported' && event.data.personId === personId ? [{ ...place, event }] : [],
  )
  const [first] = contacts
  if (first === undefined) return undefined
  const known = contactsByVersion(contacts)
  const steps: { position: number; event: LedgerEvent }[] = []
  const decisions: StoryDecision[] = []
  let entry = emptyEntry
  for (const { event, position } of events) {
    if (!isLedgerEvent(event) || event.data.personId !== personId) continue
    if (event.type === 'MatchDecided') {
      const { inputVersion } = event.data
      const excluded = entry.rejected.filter((pair) => pair.inputVersion === inputVersion)
      decisions.push({ position, event, contacts: known.get(inputVersion), excluded })
    }
    steps.push({ position, event })
    entry = evolve(entry, event, position)
  }
  return { personId, pid: first.event.data.pid, contacts, steps, decisions, entry }
}

/** What the person's contacts said at each version of its data. */
const contactsByVersion = (contacts: readonly PlacedContact[]): ReadonlyMap<string, readonly Contact[]> => {
  const brought: Contribution[] = []
  const known = new Map<string, readonly Contact[]>()
  for (const contact of contacts) {
    // where a list comes from is no part of what it says
    brought.push(contribution(brought, { ...contact, source: '' }))
    known.set(
      versionOf(brought),
      brought.flatMap((one) => ('contact' in one ? [one.contact] : [])),
    )
  }
  return known
}
