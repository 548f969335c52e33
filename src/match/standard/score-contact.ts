import { recordWidth, type VoterIndex } from '../voter-index.js'
import { rowOfSvid } from '../voter-version.js'
import { blocker } from './block-contact.js'
import { comparer } from './compare-pair.js'
import type { EncodedContact } from './encode-contact.js'
import { frequencies } from './frequencies.js'
import { type KeptCandidates, keep } from './kept-candidates.js'
import {
  allFields,
  codesOf,
  emailOfTheName,
  type FieldName,
  fieldAt,
  fields,
  levelCount,
  levelStarts,
} from './levels.js'
import { type LogTables, logTables, type Weights } from './weights.js'

export interface Scorer {
  readonly width: number
  /** Other weights from now on, of the same extras. */
  readonly use: (weights: Weights) => void
  /** Odds of all candidates together, of the person that was scored last. */
  readonly sum: () => number
  /**
   * Blocks, compares and scores what several contacts say of one person; answers the number of pairs compared. Each field
   * is compared by the contact whose value says most for the candidate. The best are added to `kept` as of file `file`.
   */
  readonly score: (
    contacts: readonly EncodedContact[],
    kept: KeptCandidates,
    file: number,
    excluded?: ReadonlySet<number>,
  ) => number
  /** Codes and ln u of one pair, field by field, by the contact whose value says most; blocked or not. */
  readonly weigh: (contacts: readonly EncodedContact[], row: number) => WeighedPair
  /** voters at the address of the contact that was scored last, 0: it gives none */
  readonly atAddress: () => number
}

export interface WeighedPair {
  readonly codes: Uint16Array
  readonly logU: Float64Array
}

const first = codesOf('first_name')
const last = codesOf('last_name')
const phone = codesOf('phone')
const email = codesOf('email')

/** Candidates with lower odds, half of all, are none: a hundred of them change no score by a ten-thousandth. */
const leastLogOdds = Math.log(1e-7)

/** Records that are asked of memory at once, before the first of them is compared. */
const ahead = 32

/** Where each field's levels stand; see `levelStarts`. Constants one by one, which compiled code has as numbers. */
const startOf = (name: FieldName): number => levelStarts([])[fieldAt[name]]!
const firstAt = startOf('first_name')
const lastAt = startOf('last_name')
const middleAt = startOf('middle_name')
const suffixAt = startOf('suffix')
const sexAt = startOf('sex')
const birthAt = startOf('birth_date')
const placeAt = startOf('place')
const phoneAt = startOf('phone')
const emailAt = startOf('email')

/** Scores persons against one index under weights. Each thread has its own. */
export const scorer = (index: VoterIndex, firstWeights: Weights): Scorer => {
  const { extras } = firstWeights
  let tables: LogTables = { m: [], q: [], u: [] }
  const { records } = index
  const blocking = blocker(index)
  const comparing = comparer(index, extras)
  const counting = frequencies(index, extras)
  const { width } = comparing
  const levelCounts = Uint16Array.from(allFields(extras), ({ levels }) => levels.length)
  const starts = levelStarts(extras)
  const ofTheName = emailOfTheName(starts)
  const levels = new Uint8Array(width)
  /** of the contact that was taken last, by level: ln u, ln m/u and ln q/u */
  const logU = new Float64Array(levelCount(starts))
  const match = new Float64Array(logU.length)
  const mate = new Float64Array(logU.length)
  let logMatch = 0
  let logHousemate = 0
  let sum = 0
  /** what looking closer at phone and e-mail can add */
  let mostToCome = 0
  const touched = new Uint32Array(1)

  const use = (weights: Weights): void => {
    tables = logTables(weights)
    counting.use(tables, weights)
    logMatch = Math.log(weights.inFile / index.voters)
    logHousemate = Math.log(weights.household / index.voters)
  }

  /** Works out what each level weighs for a contact, so that a pair is a sum. */
  const take = (contact: EncodedContact): void => {
    comparing.take(contact)
    counting.take(contact, logU)
    for (let f = 0; f < width; f++) weighLevels(f, starts[f]!, contact.classes[f]!)
    weighLevels(fieldAt.email, ofTheName, 1)
    const byPhone = match[phoneAt + phone.near]! - match[phoneAt + phone.different]!
    const byEmail = Math.max(
      match[emailAt + email.user]! - match[emailAt + email.different]!,
      match[ofTheName + email.user]! - match[ofTheName + email.different]!,
    )
    mostToCome = Math.max(0, byPhone) + Math.max(0, byEmail)
  }

  const weighLevels = (f: number, start: number, fieldClass: number): void => {
    const count = levelCounts[f]!
    const m = tables.m[f]!
    const q = tables.q[f]!
    for (let l = 1; l < count; l++) {
      match[start + l] = m[fieldClass * count + l]! - logU[start + l]!
      mate[start + l] = q[fieldClass * count + l]! - logU[start + l]!
    }
  }

  /** Where the levels of the pair's e-mail addresses stand: an address made of names that agree says little more. */
  const emailLevelsOf = (contact: EncodedContact): number => {
    if (!contact.inEmail.isOfTheName) return emailAt
    const f = levels[fieldAt.first_name]!
    const namesAgree = levels[fieldAt.last_name]! >= last.part && f >= first.jw92 && f !== first.middle
    return namesAgree ? ofTheName : emailAt
  }

  /** Sum over the fields in their order, written out: a loop took twice as long, a quarter of all scoring. */
  const total = (of: Float64Array, emailLevels: number): number => {
    let log =
      of[firstAt + levels[0]!]! +
      of[lastAt + levels[1]!]! +
      of[middleAt + levels[2]!]! +
      of[suffixAt + levels[3]!]! +
      of[sexAt + levels[4]!]! +
      of[birthAt + levels[5]!]! +
      of[placeAt + levels[6]!]! +
      of[phoneAt + levels[7]!]! +
      of[emailLevels + levels[8]!]!
    for (let f = fields.length; f < width; f++) log += of[starts[f]! + levels[f]!]!
    return log
  }

  /** Scores the pair of the contact that was taken last and a row. */
  const scorePair = (contact: EncodedContact, kept: KeptCandidates, file: number, row: number, svid: number): void => {
    comparing.compare(row, levels)
    const emailLevels = emailLevelsOf(contact)
    let logOdds = total(match, emailLevels) + logMatch
    if (logOdds + mostToCome < leastLogOdds && row !== svid) return
    if (comparing.lookCloser(row, levels)) logOdds = total(match, emailLevels) + logMatch
    if (logOdds < leastLogOdds && row !== svid) return
    const odds = oddsOf(logOdds, Math.exp(total(mate, emailLevels) + logHousemate))
    sum += odds
    const place = keep(kept, file, row, row === svid ? Number.POSITIVE_INFINITY : odds)
    if (place < 0) return
    kept.logU[place] = total(logU, emailLevels)
    writeCodes(contact, emailLevels, kept.codes, place * width)
  }

  const writeCodes = ({ classes }: EncodedContact, emailLevels: number, codes: Uint16Array, from: number): void => {
    for (let f = 0; f < width; f++) codes[from + f] = classes[f]! * levelCounts[f]! + levels[f]!
    if (emailLevels === ofTheName) codes[from + fieldAt.email]! += levelCounts[fieldAt.email]!
  }

  const scoreOne = (contact: EncodedContact, kept: KeptCandidates, file: number, none: ReadonlySet<number>): number => {
    const pairs = blocking.block([contact])
    const rows = blocking.rows()
    const svid = contact.given.svid === '' ? -1 : rowOfSvid(index, contact.given.svid)
    take(contact)
    for (let from = 0; from < pairs; from += ahead) {
      const to = Math.min(pairs, from + ahead)
      touch(rows, from, to)
      for (let i = from; i < to; i++) {
        const row = rows[i]!
        if (none.size === 0 || !none.has(row)) scorePair(contact, kept, file, row, svid)
      }
    }
    return pairs
  }

  /** Reads both ends of each record: memory answers many reads side by side, one a pair otherwise. */
  const touch = (rows: Uint32Array, from: number, to: number): void => {
    let all = 0
    for (let i = from; i < to; i++) {
      const record = rows[i]! * recordWidth
      all ^= records[record]! ^ records[record + recordWidth - 1]!
    }
    touched[0] = all
  }

  /** Contact by contact, so that each is prepared once; what says most for a candidate is kept field by field. */
  const weighAll = (contacts: readonly EncodedContact[], rows: Uint32Array): WeighedRows => {
    const best: WeighedRows = {
      codes: new Uint16Array(rows.length * width),
      logU: new Float64Array(rows.length * width),
      match: new Float64Array(rows.length * width),
      mate: new Float64Array(rows.length * width),
    }
    const codes = new Uint16Array(width)
    for (const contact of contacts) {
      take(contact)
      for (let i = 0; i < rows.length; i++) {
        comparing.compare(rows[i]!, levels)
        comparing.lookCloser(rows[i]!, levels)
        const emailLevels = emailLevelsOf(contact)
        writeCodes(contact, emailLevels, codes, 0)
        for (let f = 0; f < width; f++) {
          const of = i * width + f
          const level = (f === fieldAt.email ? emailLevels : starts[f]!) + levels[f]!
          const isNew = best.codes[of]! % levelCounts[f]! === 0
          if (levels[f] === 0 || (!isNew && match[level]! <= best.match[of]!)) continue
          best.codes[of] = codes[f]!
          best.logU[of] = logU[level]!
          best.match[of] = match[level]!
          best.mate[of] = mate[level]!
        }
      }
    }
    return best
  }

  const scoreSeveral = (
    contacts: readonly EncodedContact[],
    kept: KeptCandidates,
    file: number,
    none: ReadonlySet<number>,
  ): number => {
    const pairs = blocking.block(contacts)
    const rows = blocking.rows().slice(0, pairs)
    const svids = contacts.flatMap(({ given }) => (given.svid === '' ? [] : [rowOfSvid(index, given.svid)]))
    const weighed = weighAll(contacts, rows)
    for (let i = 0; i < pairs; i++) {
      if (none.has(rows[i]!)) continue
      const of = (logs: Float64Array): number => {
        let log = 0
        for (let f = i * width; f < (i + 1) * width; f++) log += logs[f]!
        return log
      }
      const logOdds = of(weighed.match) + logMatch
      const isSvid = svids.includes(rows[i]!)
      if (logOdds < leastLogOdds && !isSvid) continue
      const odds = oddsOf(logOdds, Math.exp(of(weighed.mate) + logHousemate))
      sum += odds
      const place = keep(kept, file, rows[i]!, isSvid ? Number.POSITIVE_INFINITY : odds)
      if (place < 0) continue
      kept.logU[place] = of(weighed.logU)
      kept.codes.set(weighed.codes.subarray(i * width, (i + 1) * width), place * width)
    }
    return pairs
  }

  use(firstWeights)
  return {
    width,
    use,
    sum: () => sum,
    weigh: (contacts, row) => weighAll(contacts, Uint32Array.of(row)),
    atAddress: () => counting.atAddress,
    score: (contacts, kept, file, excluded = nobody) => {
      sum = 0
      const [contact] = contacts
      if (contact === undefined) return 0
      return contacts.length === 1
        ? scoreOne(contact, kept, file, excluded)
        : scoreSeveral(contacts, kept, file, excluded)
    },
  }
}

/** Of each row and field, by the contact whose value says most for it. */
interface WeighedRows extends WeighedPair {
  /** ln m/u and ln q/u */
  readonly match: Float64Array
  readonly mate: Float64Array
}

const nobody: ReadonlySet<number> = new Set()

/** Odds that a pair is the person, against nobody, given the odds that it is somebody else of the household. */
export const oddsOf = (logOdds: number, housemate: number): number => Math.exp(logOdds) / (1 + housemate)
