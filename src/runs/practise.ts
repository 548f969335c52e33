import { setImmediate } from 'node:timers/promises'
import type { PreparedContact } from '../match/prepared.js'
import { type TextColumn, textColumns, textOf, type VoterIndex } from '../match/voter-index.js'
import { soundexValue } from '../normalise/match-values.js'
import { nicknamesOf } from '../normalise/nickname.js'
import type { MatchRules } from './match-job.js'
import { listMatching } from './match-list.js'
import { contactPacker } from './pack-contacts.js'

/** By then a thread is as quick as it becomes; it takes some 600 ms. */
const mostVoters = 10_000
/** Voters between two looks whether there is work: 5 ms, and 50 at the very first. */
const votersAtOnce = 200
const mostMs = 1_500

/**
 * Matches voters as if they were contacts while there is nothing else to do: V8 compiles what runs often, and a thread that
 * has not practised takes its first three thousand contacts at a tenth of its later speed, three tenths of all the time that
 * two threads take for 100,000 contacts among 1,000,000 voters. With practice the first thousand take twice as long as later
 * ones.
 */
export const practise = async (
  indexes: readonly VoterIndex[],
  rules: MatchRules,
  isIdle: () => boolean,
): Promise<void> => {
  const ends = performance.now() + mostMs
  // rules that are learnt come later: that they may change is to be learnt too
  const otherRules = structuredClone(rules)
  for (let done = 0; done < mostVoters && performance.now() < ends; done += votersAtOnce) {
    // a message that has come meanwhile goes first
    await setImmediate()
    if (!isIdle()) return
    const index = indexes[(done / votersAtOnce) % indexes.length]
    if (index === undefined || index.voters === 0) return
    // packed as lists are: objects of another make would be as new to compiled code as no practice at all
    const packer = contactPacker()
    for (let i = 0; i < votersAtOnce; i++) packer.add(likeAVoter(index, done + i))
    const match = await listMatching(packer.pack(), indexes, done < mostVoters / 4 ? rules : otherRules)
    match(0, votersAtOnce)
  }
}

/** A stride through the file that meets all of its parts. */
const stride = 7_919

const misspelt = (text: string): string => (text.length < 4 ? text : text.slice(0, 2) + text.slice(3))

/**
 * What lists get wrong or leave out. Code that has never run is not compiled: the first contact that gives no ZIP, say,
 * makes V8 throw away what compares places and learn it again.
 */
const mistakes: readonly ((right: PreparedContact) => Partial<PreparedContact>)[] = [
  () => ({}),
  ({ last }) => ({ last: misspelt(last) }),
  ({ first }) => ({ first: misspelt(first) }),
  ({ first }) => ({ first: first.slice(0, 1) }),
  ({ first, last }) => ({ first: last, last: first }),
  ({ middle, first }) => ({ first: middle, middle: first }),
  ({ street }) => ({ last: '', street: misspelt(street) }),
  ({ last, street }) => ({ last: `${last} ${street.slice(0, 5)}`, first: '', middle: '' }),
  ({ birthDate }) => ({ birthDate: Math.floor(birthDate / 10_000) * 10_000, phone: '' }),
  ({ birthDate }) => ({ birthDate: birthDate + 1, email: '', sex: '' }),
  () => ({ birthDate: 0, suffix: 'JR' }),
  ({ phone }) => ({ zip: '', phone: phone.replace(/.$/, '0') }),
  ({ zip }) => ({ zip: zip.replace(/.$/, '0') }),
  ({ email }) => ({ city: '', email: email.replace(/@.*/, '@example.com') }),
  () => ({ street: '', number: '', unit: '' }),
  ({ city }) => ({ street: '', number: '', zip: '', city: misspelt(city) }),
  ({ number }) => ({ number: `${number}1`, unit: '1' }),
]

/** Voter number `n` as somebody might have written them down. */
const likeAVoter = (index: VoterIndex, n: number): PreparedContact => {
  const row = (n * stride) % index.voters
  const texts = Object.fromEntries(
    textColumns.map((name) => [name, textOf(index.vocabularies[name], index.columns[name][row]!)]),
  ) as Record<TextColumn, string>
  const right = { ...texts, svid: '', birthDate: index.birthDate[row]!, soundex: 0, nicknames: [], extras: {} }
  const contact: PreparedContact = { ...right, ...mistakes[n % mistakes.length]!(right) }
  return { ...contact, soundex: soundexValue(contact.last), nicknames: nicknamesOf(contact.first) }
}
