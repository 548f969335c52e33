import { normaliseSuffix } from './name-suffix.js'
import { credentials, givenNameTitles, particles, titles, vietnameseSurnames } from './name-words.js'

/** A word as the tables of words have it: upper case without periods. */
export const plain = (word: string): string => word.replaceAll('.', '').toUpperCase()
export const hasLetter = /[\p{L}\p{N}]/u

/** The words with a letter or digit in them; initials without their period. */
export const wordsOf = (text: string): string[] => {
  const words = text.split(' ').filter((word) => hasLetter.test(word))
  return words.map((word) => (word.length === 2 && word[1] === '.' ? word[0]! : word))
}

/** Takes titles from the front; `keep` words must be left when a title could be a given name. */
export const takeTitles = (words: string[]): string => {
  const taken: string[] = []
  while (words.length > 0) {
    const word = plain(words[0]!)
    const title = titles.has(word) || (word === 'SR' && words.length > 2 && taken.length === 0)
    const article = word === 'THE' && words.length > 1 && titles.has(plain(words[1]!))
    if (!title && !article) break
    if (givenNameTitles.has(word) && words.length < 3 && taken.length === 0) break
    taken.push(words.shift()!.replace(/\.$/, ''))
  }
  return taken.join(' ')
}

/** Takes degrees and a generation suffix from the end; Roman numerals only where `namesBefore` names are left of them. */
export const takeSuffix = (words: string[], namesBefore: number): string => {
  while (words.length > 2 && credentials.has(plain(words.at(-1)!))) words.pop()
  const suffix = words.length < 2 ? '' : normaliseSuffix(words.at(-1)!)
  if (suffix === '') return ''
  const needed = suffix === 'V' ? 2 : suffix === 'JR' || suffix === 'SR' ? 1 : namesBefore
  if (words.length - 1 < needed) return ''
  words.pop()
  return suffix
}

const isParticle = (word: string, surname: string): boolean => {
  const key = plain(word)
  if (!particles.has(key)) return false
  return !((key === 'VAN' || key === 'LE' || key === 'DO') && vietnameseSurnames.has(plain(surname)))
}

/** Index of the first word of the family name: the last word, the particles before it, and 'Garcia y' of 'Garcia y Lopez'. */
export const familyStart = (words: readonly string[]): number => {
  let start = words.length - 1
  if (start >= 3 && plain(words[start - 1]!) === 'Y') start -= 2
  while (start > 1 && isParticle(words[start - 1]!, words.at(-1)!)) start--
  return start
}
