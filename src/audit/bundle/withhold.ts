import type { StoredEvent } from '../../store/event-store.js'
import type { BundledEvent } from './manifest.js'

/** The one place of a person's events that names another person: who holds the voter that both reach. */
export const holderPath = 'data.decision.duplicateOf'
export const nobodyId = '00000000-0000-0000-0000-000000000000'

const holder = /"duplicateOf":"[0-9a-f-]{36}"/

/**
 * An event as one person's bundle has it. The holder of a voter is withheld: the event's hash and its place in the log
 * are proved, that this text has this hash is then only for who has the log to see.
 */
export const withholdOthers = ({ stream, revision, position, sha256, body, type }: StoredEvent): BundledEvent => {
  const event = { stream, revision, position, sha256: sha256.toString('hex') }
  if (type !== 'MatchDecided' || !holder.test(body)) return { ...event, body }
  return { ...event, body: body.replace(holder, `"duplicateOf":"${nobodyId}"`), withheld: [holderPath] }
}

export const bundled = ({ stream, revision, position, sha256, body }: StoredEvent): BundledEvent => ({
  ...{ stream, revision, position, body },
  sha256: sha256.toString('hex'),
})
