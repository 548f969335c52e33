import { askedFiles, excludedRows } from './asked-rows.js'
import { comparedFields, compareFields } from './compare-fields.js'
import { contactIds } from './contact-ids.js'
import { decideByTiers } from './decide-by-tiers.js'
import { type KeyIds, keyIds } from './find-candidates.js'
import { listQuestions } from './list-questions.js'
import type { PackedContacts } from './packed-contacts.js'
import type { PreparedContact, PreparedPerson } from './prepared.js'
import type { TierRuleset } from './ruleset.js'
import type { ScoredChunk } from './scored-chunk.js'
import { textOf, type VoterIndex } from './voter-index.js'

/**
 * Matches a chunk of persons by tiers: the first tier with exactly one candidate decides, several at every tier that has
 * any are ambiguous. A pure function of persons, indexes, rules and threshold; the order of persons changes nothing.
 */
export const matchTiers = (
  persons: readonly PreparedPerson[],
  indexes: readonly VoterIndex[],
  ruleset: TierRuleset,
  threshold: number,
): ScoredChunk => {
  const starts = new Uint32Array(persons.length + 1)
  const file: number[] = []
  const ids: KeyIds[] = []
  const excluded = new Map<number, ReadonlySet<number>>()
  for (const [p, person] of persons.entries()) {
    for (const asked of askedFiles(person, indexes)) {
      const index = indexes[asked]!
      const rows = excludedRows(person, index)
      for (const contact of person.contacts) {
        if (rows.size > 0) excluded.set(ids.length, rows)
        file.push(asked)
        ids.push(keyIds(index, contact))
      }
    }
    starts[p + 1] = ids.length
  }
  const asked = { starts, file: Uint8Array.from(file), ids, excluded }
  const chunk = decideByTiers(asked, indexes, ruleset, threshold, comparedFields.length)
  for (const [p, { contacts }] of persons.entries()) compareListed(chunk, p, contacts, indexes)
  return chunk
}

/** Compares person p's contacts with the candidates that are listed for it. */
const compareListed = (
  chunk: ScoredChunk,
  p: number,
  contacts: readonly PreparedContact[],
  indexes: readonly VoterIndex[],
): void => {
  for (let at = chunk.starts[p]!; at < chunk.starts[p + 1]!; at++) {
    const index = indexes[chunk.file[at]!]!
    const row = chunk.row[at]!
    for (const contact of contacts) {
      const sameSvid = contact.svid !== '' && textOf(index.svids, row + 1) === contact.svid ? 1 : 0
      const ids = contactIds(index, contact)
      compareFields(index, contact, ids, row, chunk.levels, at * comparedFields.length, sameSvid)
    }
  }
}

const noneExcluded = new Map<number, ReadonlySet<number>>()

/**
 * The same for the contacts from `from` to below `to` of a list, each a person of its own that all files are asked for.
 * Candidates have no levels: who matches a list asks which voter, not why.
 */
export const matchListByTiers = (
  list: PackedContacts,
  from: number,
  to: number,
  indexes: readonly VoterIndex[],
  ruleset: TierRuleset,
  threshold: number,
): ScoredChunk => {
  const asked = { ...listQuestions(list, from, to, indexes), excluded: noneExcluded }
  return decideByTiers(asked, indexes, ruleset, threshold, 0)
}
