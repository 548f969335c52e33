import { type Individual, personKey } from './individual.js'
import { pickNickname } from './nickname.js'
import type { Random } from './random.js'
import { streams } from './streams.js'
import { mailDomains, mailWords } from './tables/email-words.js'
import { weightedPick } from './weighted.js'
import { words } from './words.js'

const domain = weightedPick(mailDomains)
const hobbies = words(mailWords)

const letters = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, '')

/** How people build an address from their name. */
const patterns: readonly (readonly [(first: string, last: string, year: number, random: Random) => string, number])[] =
  [
    [(first, last) => `${first}.${last}`, 16],
    [(first, last) => `${first}${last}`, 15],
    [(first, last) => `${first[0]}${last}`, 12],
    [(first, last, year) => `${first}${last}${year % 100}`, 8],
    [(first, last, _, random) => `${first}.${last}${random.between(1, 99)}`, 7],
    [(first, last, year) => `${first[0]}${last}${year % 100}`, 7],
    [(first, last) => `${last}.${first}`, 4],
    [(first, last) => `${first}_${last}`, 4],
    [(first, last) => `${first}${last[0]}`, 3],
    [(first, last) => `${last}${first[0]}`, 3],
    [(first, _, year) => `${first}${year}`, 3],
  ]
const drawPattern = weightedPick(patterns)

const fromHobbies = (random: Random): string =>
  `${random.pick(hobbies)}${random.chance(0.6) ? random.pick(hobbies) : ''}${random.between(1, 999)}`

const fromName = ({ adult }: Individual, random: Random): string => {
  const first = random.chance(0.25) ? pickNickname(adult.first, random) : adult.first
  // An address is kept longer than a name: one wife in five still writes from the one she was born with.
  const last = adult.last !== adult.bornAs && random.chance(0.2) ? adult.bornAs : adult.last
  return drawPattern(random)(letters(first), letters(last.split(/[- ]/)[0]!), adult.born.year, random)
}

/** A person's mail address; a quarter say nothing of the name. `which` counts the addresses of one person from 0. */
const sequences = [streams.mail, streams.secondMail, streams.thirdMail] as const

export const mailAddressOf = (person: Individual, which: 0 | 1 | 2, random: Random): string => {
  random.at(sequences[which], personKey(person.household, person.slot))
  const user = random.chance(0.25) ? fromHobbies(random) : fromName(person, random)
  return `${user}@${domain(random)}`
}
