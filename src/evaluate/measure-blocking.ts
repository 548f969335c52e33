import { setImmediate } from 'node:timers/promises'
import { type PackedContacts, unpackContacts } from '../match/packed-contacts.js'
import { type BlockedBy, blocker } from '../match/standard/block-contact.js'
import { encodeContact } from '../match/standard/encode-contact.js'
import type { VoterIndex } from '../match/voter-index.js'
import type { Tell } from './engine.js'
import type { Truth } from './measure-links.js'

/** What blocking proposes, whatever becomes of it. Shares are of the true pairs. */
export interface Blocking {
  /** true pairs that any key finds */
  readonly recall: number
  /** candidates a contact */
  readonly candidates: number
  readonly keys: readonly KeyRecall[]
}

export interface KeyRecall {
  readonly key: BlockedBy
  readonly recall: number
  /** true pairs that no other key finds */
  readonly alone: number
  /** contacts' blocks that were too large and narrowed to what further keys find */
  readonly narrowed: number
}

/** Between two looks for a signal. */
const contactsPerChunk = 1_000

/** Blocks every contact once more, one after another, and looks for its voter. A signal is let in between chunks. */
export const measureBlocking = async (
  index: VoterIndex,
  contacts: PackedContacts,
  truth: Truth,
  tell: Tell,
): Promise<Blocking> => {
  const blocking = blocker(index)
  const found = new Map<BlockedBy, number>()
  const alone = new Map<BlockedBy, number>()
  let candidates = 0
  let any = 0
  let i = 0
  for (let from = 0; from < contacts.count; from += contactsPerChunk) {
    for (const contact of unpackContacts(contacts, from, Math.min(contacts.count, from + contactsPerChunk))) {
      const encoded = encodeContact(index, contact, [])
      candidates += blocking.block([encoded])
      const row = truth.voters[i++]!
      if (row < 0) continue
      const by = blocking.foundBy(encoded, row)
      if (by.size > 0) any++
      for (const key of by) {
        add(found, key)
        if (by.size === 1) add(alone, key)
      }
    }
    tell(i, contacts.count)
    await setImmediate()
  }
  const share = (count = 0): number => count / Math.max(1, truth.pairs)
  const keys = (Object.keys(blocking.narrowed) as BlockedBy[]).map((key) => ({
    key,
    recall: share(found.get(key)),
    alone: share(alone.get(key)),
    narrowed: blocking.narrowed[key],
  }))
  return {
    recall: share(any),
    candidates: candidates / Math.max(1, contacts.count),
    keys: keys.filter((one) => one.recall > 0 || one.narrowed > 0).sort((a, b) => b.recall - a.recall),
  }
}

const add = (counts: Map<BlockedBy, number>, key: BlockedBy): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
