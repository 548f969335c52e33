import { setImmediate } from 'node:timers/promises'
import type { PreparedContact, PreparedPerson } from '../match/prepared.js'
import { type TextColumn, textColumns, textOf, type VoterIndex } from '../match/voter-index.js'
import { soundexValue } from '../normalise/match-values.js'
import { nicknamesOf } from '../normalise/nickname.js'
import { type MatchRules, matchPrepared } from './match-job.js'

/** By then a thread is as quick as it becomes; it takes some 600 ms. */
const mostVoters = 10_000
/** Voters between two looks whether there is work: 5 ms, and 50 at the very first. */
const votersAtOnce = 200
const mostMs = 1_500

/**
 * Matches voters as if they were contacts while there is nothing else to do: the engine compiles what runs often, and a
 * thread that has not practised takes its first three thousand contacts at a tenth of its later speed, a third of all the
 * time that 100,000 contacts take on two threads.
 */
export const practise = async (
  indexes: readonly VoterIndex[],
  rules: MatchRules,
  isIdle: () => boolean,
): Promise<void> => {
  const ends = performance.now() + mostMs
  for (let done = 0; done < mostVoters && performance.now() < ends; done += votersAtOnce) {
    // a message that has come meanwhile goes first
    await setImmediate()
    if (!isIdle()) return
    const index = indexes[(done / votersAtOnce) % indexes.length]
    if (index === undefined || index.voters === 0) return
    const persons = Array.from({ length: votersAtOnce }, (_, i) => likeAVoter(index, done + i))
    matchPrepared(persons, indexes, rules)
  }
}

/** A stride through the file that meets all of its parts. */
const stride = 7_919

/** Voter number `n` as somebody might have written them down, with what lists get wrong. */
const likeAVoter = (index: VoterIndex, n: number): PreparedPerson => {
  const row = (n * stride) % index.voters
  const texts = Object.fromEntries(
    textColumns.map((name) => [name, textOf(index.vocabularies[name], index.columns[name][row]!)]),
  ) as Record<TextColumn, string>
  const first = n % 4 === 0 ? misspelt(texts.first) : texts.first
  const last = n % 3 === 0 ? misspelt(texts.last) : texts.last
  const contact: PreparedContact = {
    ...texts,
    ...{ svid: '', first, last },
    birthDate: n % 7 === 0 ? 0 : index.birthDate[row]!,
    street: n % 6 === 1 ? misspelt(texts.street) : texts.street,
    city: n % 6 === 2 ? '' : texts.city,
    phone: n % 5 === 0 ? '' : texts.phone,
    email: n % 6 === 3 ? '' : texts.email,
    soundex: soundexValue(last),
    nicknames: nicknamesOf(first),
    extras: {},
  }
  return { contacts: [contact], states: [], excluded: [] }
}

const misspelt = (text: string): string => (text.length < 4 ? text : text.slice(0, 2) + text.slice(3))
