import { normaliseSuffix, splitSuffix } from './name-suffix.js'
import { familyStart, hasLetter, plain, takeSuffix, takeTitles, wordsOf } from './name-tokens.js'
import { credentials, credentialsAfterComma, titles } from './name-words.js'

/** One person's name as written; '' for what is absent. `suffix` is JR, SR, II, III, IV, V or ''. */
export interface NameParts {
  readonly prefix: string
  readonly first: string
  readonly middle: string
  readonly last: string
  readonly suffix: string
  readonly nickname: string
}

/** A person on the way: given names and, once known, the family name. */
interface Draft {
  prefix: string
  given: string[]
  last: string
  suffix: string
  nickname: string
  /** the name came as 'Last, First' */
  lastFirst: boolean
}

const isInitial = (word: string): boolean => plain(word).length === 1

const quoted = /"([^"]*)"|\(([^()]*)\)|(?<=^|\s)'([^']+)'(?=\s|$)/

/** Takes the first nickname in quotes or brackets; a generation suffix in brackets stays where it is. */
const takeNickname = (text: string): { readonly text: string; readonly nickname: string } => {
  const match = quoted.exec(text)
  if (match === null) return { text, nickname: '' }
  const inside = (match[1] ?? match[2] ?? match[3]!).trim()
  const before = text.slice(0, match.index)
  const after = text.slice(match.index + match[0].length)
  if (normaliseSuffix(inside) !== '') return { text: `${before} ${inside} ${after}`, nickname: '' }
  return { text: `${before} ${after}`, nickname: inside }
}

const isCredentials = (segment: string): boolean =>
  wordsOf(segment).every((word) => credentials.has(plain(word)) || credentialsAfterComma.has(plain(word)))

/** Parts the text at its commas, without the segments that are only a suffix or degrees. */
const splitAtCommas = (text: string): { readonly segments: readonly string[]; readonly suffix: string } => {
  const [first = '', ...others] = text.split(',').map((segment) => segment.trim())
  let suffix = ''
  const segments = others.filter((segment) => {
    const found = normaliseSuffix(segment)
    if (found !== '' && suffix === '') suffix = found
    return found === '' && !isCredentials(segment)
  })
  return { segments: [first, ...segments].filter((segment) => hasLetter.test(segment)), suffix }
}

const draftLastFirst = (lastText: string, givenText: string): Draft => {
  const lastWords = wordsOf(lastText)
  const lastPrefix = lastWords.length > 1 ? takeTitles(lastWords) : ''
  const { last, suffix } = splitSuffix(lastWords.join(' '))
  const given = wordsOf(givenText)
  const givenSuffix = takeSuffix(given, 1)
  const prefix = takeTitles(given)
  const trailing = given.length > 1 && titles.has(plain(given.at(-1)!)) ? given.pop()! : ''
  return {
    prefix: prefix || lastPrefix || trailing.replace(/\.$/, ''),
    given,
    last,
    suffix: suffix || givenSuffix,
    nickname: '',
    lastFirst: true,
  }
}

const isGivenOnly = (words: readonly string[]): boolean =>
  words.length < 2 || (words.length === 2 && isInitial(words[1]!))

const draftOf = (part: string): Draft => {
  const { text, nickname } = takeNickname(part)
  const { segments, suffix } = splitAtCommas(text)
  if (segments.length > 1) {
    const draft = draftLastFirst(segments[0]!, segments.slice(1).join(' '))
    return { ...draft, nickname, suffix: draft.suffix || suffix }
  }
  const words = wordsOf(segments[0] ?? '')
  const prefix = takeTitles(words)
  return { prefix, given: words, last: '', suffix: takeSuffix(words, 2) || suffix, nickname, lastFirst: false }
}

/** Moves the family name out of the given names of a name in natural order. */
const takeFamily = (draft: Draft): void => {
  if (draft.lastFirst || draft.given.length < 2) return
  draft.last = draft.given.splice(familyStart(draft.given)).join(' ')
}

/** Gives several persons of one field their family names: their own, else the next one's, else the one before. */
const shareFamily = (drafts: readonly Draft[]): void => {
  const family = drafts[0]!.lastFirst ? drafts[0]!.last : ''
  for (const draft of drafts) {
    if (draft.lastFirst) continue
    if (family === '' && !isGivenOnly(draft.given)) takeFamily(draft)
    else if (family !== '' && draft.given.length > 1 && plain(draft.given.at(-1)!) === plain(family)) draft.given.pop()
  }
  for (const [i, draft] of drafts.entries()) {
    if (draft.last !== '') continue
    const owner = drafts.slice(i + 1).find(({ last }) => last !== '') ?? drafts.findLast(({ last }) => last !== '')
    draft.last = owner?.last ?? ''
  }
  const [one, other] = drafts
  // 'Mr. & Mrs. John Smith': the given name is his, of her only title and family name are known.
  if (one!.given.length === 0 && one!.prefix !== '' && other!.given.length > 0) {
    one!.given = other!.given.splice(0)
    one!.suffix ||= other!.suffix
    other!.suffix = ''
  }
}

const finish = ({ prefix, given, last, suffix, nickname }: Draft): NameParts => {
  const [first = '', ...middle] = given
  return { prefix, first, middle: middle.join(' '), last, suffix, nickname }
}

const joiners = /\s(?:&|\+|and)\s/i
const mayJoin = /[&+/]|and/i
const afterthoughts = /\bet\.? (?:al|ux|vir)\b\.?/gi

const splitPersons = (text: string): readonly string[] => {
  if (!mayJoin.test(text)) return [text]
  const spaced = text.replace(/[&+]/g, ' $& ').replace(/(\p{L}{2})\/(?=\p{L}{2})/gu, '$1 & ')
  return ` ${spaced} `.split(joiners).filter((part) => hasLetter.test(part))
}

/** No field of real names is longer; the rest of a longer text is not read. */
const longest = 500

/** The persons of one name field (see `parseFullName`). */
export const parsePersons = (s: string): readonly NameParts[] => {
  const straight = s
    .slice(0, longest)
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘‛]/g, "'")
  const text = straight.replace(/\s+/g, ' ').replaceAll(' - ', '-').replace(afterthoughts, ' ').trim()
  const drafts = splitPersons(text).map(draftOf)
  const only = drafts[0]
  if (only === undefined) return []
  if (drafts.length > 1) shareFamily(drafts)
  else if (only.prefix !== '' && only.given.length === 1 && !only.lastFirst) only.last = only.given.pop()!
  else takeFamily(only)
  return drafts.map(finish).filter(({ first, last }) => first !== '' || last !== '')
}
