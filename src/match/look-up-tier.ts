import { isAtTier, type KeyIds, keyHash } from './find-candidates.js'
import type { Tier } from './ruleset.js'
import { isOfHash, type KeyIndex, recordWidth, rowOf, type VoterIndex } from './voter-index.js'

/** Contacts that are looked up: question q asks `ids[q]` of voter file `file[q]`. */
export interface Questions {
  readonly file: Uint8Array
  readonly ids: readonly KeyIds[]
}

/** Rows that questions find, question by question in the order they were asked, each one's ascending. */
export interface Hits {
  count: number
  question: Uint32Array
  row: Uint32Array
}

export const noHits = (): Hits => ({ count: 0, question: new Uint32Array(1024), row: new Uint32Array(1024) })

/** Questions that are looked up at once: what is found of them stays in the nearest cache. */
const batch = 512

const hash = new Uint32Array(batch)
const from = new Uint32Array(batch)
const to = new Uint32Array(batch)
/** what is only read to be near when it is needed must go somewhere, or the compiler leaves it out */
const touched = new Uint32Array(1)

/**
 * Fills `hits` with what the asked questions find at a tier. In sweeps over many of them, first where each bucket lies,
 * then its entries, then the voters: memory answers the reads of a sweep side by side, where one would wait for the other.
 */
export const lookUpTier = (
  indexes: readonly VoterIndex[],
  tier: Tier,
  questions: Questions,
  asked: Uint32Array,
  hits: Hits,
): void => {
  hits.count = 0
  const keys = indexes.map((index) => index.keys[tier.key])
  for (let begin = 0; begin < asked.length; begin += batch) {
    const some = asked.subarray(begin, begin + batch)
    findBuckets(keys, tier, questions, some)
    const first = hits.count
    findEntries(keys, questions, some, hits)
    checkVoters(indexes, tier, questions, hits, first)
  }
}

const findBuckets = (keys: readonly KeyIndex[], tier: Tier, { file, ids }: Questions, asked: Uint32Array): void => {
  for (let a = 0; a < asked.length; a++) {
    const q = asked[a]!
    const { mask, starts } = keys[file[q]!]!
    const one = keyHash(tier, ids[q]!)
    hash[a] = one
    from[a] = one === 0 ? 0 : starts[one & mask]!
    to[a] = one === 0 ? 0 : starts[(one & mask) + 1]!
  }
}

const findEntries = (keys: readonly KeyIndex[], { file }: Questions, asked: Uint32Array, hits: Hits): void => {
  let all = 0
  for (let a = 0; a < asked.length; a++) {
    if (from[a] !== to[a]) all ^= keys[file[asked[a]!]!]!.entries[from[a]!]!
  }
  touched[0] = all
  for (let a = 0; a < asked.length; a++) {
    const q = asked[a]!
    const { entries, rowBits } = keys[file[q]!]!
    for (let i = from[a]!; i < to[a]!; i++) {
      const entry = entries[i]!
      if (isOfHash(entry, hash[a]!, rowBits)) add(hits, q, rowOf(entry, rowBits))
    }
  }
}

/** Of the hits from `first` on those stay that are at the tier. */
const checkVoters = (
  indexes: readonly VoterIndex[],
  tier: Tier,
  { file, ids }: Questions,
  hits: Hits,
  first: number,
): void => {
  const { question, row, count } = hits
  let all = 0
  for (let h = first; h < count; h++) {
    const { records, columns } = indexes[file[question[h]!]!]!
    all ^= records[row[h]! * recordWidth]! ^ columns.unit[row[h]!]!
  }
  touched[0] = all
  let kept = first
  for (let h = first; h < count; h++) {
    const q = question[h]!
    if (!isAtTier(indexes[file[q]!]!, tier, ids[q]!, row[h]!)) continue
    question[kept] = q
    row[kept++] = row[h]!
  }
  hits.count = kept
}

const add = (hits: Hits, question: number, row: number): void => {
  if (hits.count === hits.row.length) {
    hits.question = doubled(hits.question)
    hits.row = doubled(hits.row)
  }
  hits.question[hits.count] = question
  hits.row[hits.count++] = row
}

const doubled = (words: Uint32Array): Uint32Array => {
  const larger = new Uint32Array(words.length * 2)
  larger.set(words)
  return larger
}
