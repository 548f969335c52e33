import { askedFiles, excludedRows } from '../../match/asked-rows.js'
import { findCandidates, keyIds } from '../../match/find-candidates.js'
import { pairHash } from '../../match/key-hash.js'
import type { PreparedPerson } from '../../match/prepared.js'
import type { FellegiSunterRuleset, Ruleset, TierRuleset } from '../../match/ruleset.js'
import { type EncodedContact, encodeContact } from '../../match/standard/encode-contact.js'
import { keptCandidates } from '../../match/standard/kept-candidates.js'
import { scorerOf } from '../../match/standard/kept-scorers.js'
import { allFields } from '../../match/standard/levels.js'
import { eachRow, textColumns, textOf, type Vocabulary, type VoterIndex } from '../../match/voter-index.js'
import { matchPrepared } from '../../runs/match-job.js'
import type { Evidence, FileEvidence } from './evidence.js'

/** The second best decides on the margin, whatever is listed. */
const leastRows = 2

interface Asked {
  readonly person: PreparedPerson
  readonly indexes: readonly VoterIndex[]
  readonly ruleset: Ruleset
  readonly threshold: number
}

/** What a decision rests on, from the whole voter files. */
export const gatherEvidence = (position: number, asked: Asked): Evidence => {
  const { person, indexes, ruleset } = asked
  const rows = rowsOf(asked)
  const extras = ruleset.kind === 'tiers' ? [] : ruleset.weights.extras
  return {
    position,
    files: indexes.map((index, file) => fileEvidence(index, person, rows[file]!, extras)),
    unlisted: ruleset.kind === 'tiers' ? 0 : unlistedOdds(asked, ruleset, rows),
    compared: matchPrepared([person], indexes, asked).found[0]!,
  }
}

/** Rows of each file that the decision needs: those it lists, and enough of each tier to see that it has several. */
const rowsOf = ({ person, indexes, ruleset, threshold }: Asked): readonly (readonly number[])[] => {
  const listed = { ...ruleset, listed: Math.max(leastRows, ruleset.listed) }
  const chunk = matchPrepared([person], indexes, { ruleset: listed, threshold })
  const rows = indexes.map(() => new Set<number>())
  for (let at = 0; at < chunk.starts[1]!; at++) rows[chunk.file[at]!]!.add(chunk.row[at]!)
  if (ruleset.kind === 'tiers') addTierRows(person, indexes, ruleset, rows)
  return rows.map((some) => [...some].sort((a, b) => a - b))
}

const addTierRows = (
  person: PreparedPerson,
  indexes: readonly VoterIndex[],
  { tiers }: TierRuleset,
  rows: readonly Set<number>[],
): void => {
  for (const tier of tiers) {
    let hits = 0
    for (const file of askedFiles(person, indexes)) {
      const index = indexes[file]!
      const none = excludedRows(person, index)
      const found = new Set<number>()
      for (const contact of person.contacts) {
        findCandidates(index, keyIds(index, contact), tier, (row) => {
          if (!none.has(row)) found.add(row)
        })
      }
      for (const row of found) if (hits++ < leastRows) rows[file]!.add(row)
    }
  }
}

/** Odds of everybody but the rows that are shown, worked out as the decision did it. */
const unlistedOdds = (
  { person, indexes }: Asked,
  ruleset: FellegiSunterRuleset,
  rows: readonly (readonly number[])[],
): number => {
  const { weights } = ruleset
  const kept = keptCandidates(1, allFields(weights.extras).length)
  let sum = 0
  for (const file of askedFiles(person, indexes)) {
    const index = indexes[file]!
    const contacts = person.contacts.map((contact) => encodeContact(index, contact, weights.extras))
    const scoring = scorerOf(index, weights)
    scoring.score(contacts, kept, file, new Set([...excludedRows(person, index), ...rows[file]!]))
    sum += scoring.sum()
  }
  return sum
}

const fileEvidence = (
  index: VoterIndex,
  person: PreparedPerson,
  rows: readonly number[],
  extras: readonly string[],
): FileEvidence => {
  const { state, voterFile, voters, vocabularies: v } = index
  const contacts = person.contacts.map((contact) => encodeContact(index, contact, extras))
  const known = extras.filter((name) => index.extras[name] !== undefined)
  const counts: Record<string, Record<string, number>> = {}
  for (const column of textColumns)
    counts[column] = countsOf(
      v[column],
      contacts.flatMap((one) => idsOf(one, column)),
    )
  for (const name of known) {
    const ids = contacts.map((contact) => contact.extras[extras.indexOf(name)]!)
    counts[`extra.${name}`] = countsOf(index.extras[name]!.vocabulary, ids)
  }
  return {
    ...{ state, voterFile, voters, counts },
    candidates: rows.map((row) => textOf(index.svids, row + 1)),
    missing: Object.fromEntries([
      ...textColumns.map((column) => [column, v[column].counts[0]!] as const),
      ...known.map((name) => [`extra.${name}`, index.extras[name]!.vocabulary.counts[0]!] as const),
    ]),
    addresses: addressesOf(index, contacts),
  }
}

/** Every id of a column by which a contact is compared: its own value, nicknames, names mixed up or in an e-mail address. */
const idsOf = (contact: EncodedContact, column: keyof EncodedContact['ids']): readonly number[] => {
  const { ids, nicknames, inEmail, firstAsLast, lastAsFirst, firstAsMiddle } = contact
  if (column === 'first') return [ids.first, lastAsFirst, ...nicknames, ...inEmail.firsts]
  if (column === 'last') return [ids.last, firstAsLast, ...inEmail.lasts]
  return column === 'middle' ? [ids.middle, firstAsMiddle] : [ids[column]]
}

const countsOf = (vocabulary: Vocabulary, ids: readonly number[]): Record<string, number> =>
  Object.fromEntries(ids.filter((id) => id > 0).map((id) => [textOf(vocabulary, id), vocabulary.counts[id]!]))

const addressesOf = (index: VoterIndex, contacts: readonly EncodedContact[]): FileEvidence['addresses'] => {
  const { columns: c, keys, vocabularies: v } = index
  const places = new Map(contacts.map(({ ids }) => [`${ids.number} ${ids.street}`, ids]))
  return [...places.values()].flatMap(({ number, street }) => {
    if (street <= 0 || number < 0) return []
    const zips = new Set(
      contacts.flatMap(({ ids }) => (ids.number === number && ids.street === street ? [ids.zip] : [])),
    )
    const at = new Map<number, number>()
    eachRow(keys.number_street, pairHash(number, street), (row) => {
      if (c.street[row] !== street || c.number[row] !== number) return
      const zip = zips.has(c.zip[row]!) ? c.zip[row]! : 0
      at.set(zip, (at.get(zip) ?? 0) + 1)
    })
    return [...at].map(([zip, voters]) => ({
      number: textOf(v.number, number),
      street: textOf(v.street, street),
      zip: zip === 0 ? null : textOf(v.zip, zip),
      voters,
    }))
  })
}
