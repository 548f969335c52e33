import { emailSketch, phoneSketch, sketchWord } from '../match/sketch.js'
import { recordWidth, type Vocabulary, type VoterIndex } from '../match/voter-index.js'
import { sharedWords } from './shared-arrays.js'

/** The columns row by row; see `recordFields`. */
export const buildRecords = ({
  voters,
  columns: c,
  birthDate,
  contactPoints,
}: Pick<VoterIndex, 'voters' | 'columns' | 'birthDate'> & {
  readonly contactPoints: Readonly<Record<'phone' | 'email', Vocabulary>>
}): Uint32Array => {
  const phones = sketches(contactPoints.phone, phoneSketch)
  const emails = sketches(contactPoints.email, emailSketch)
  const records = sharedWords(voters * recordWidth)
  for (let row = 0; row < voters; row++) {
    const at = row * recordWidth
    records[at] = c.first[row]!
    records[at + 1] = c.last[row]!
    records[at + 2] = c.middle[row]!
    records[at + 3] = birthDate[row]!
    records[at + 4] = c.street[row]!
    records[at + 5] = c.number[row]!
    records[at + 6] = c.zip[row]!
    records[at + 7] = c.city[row]!
    records[at + 8] = c.phone[row]!
    records[at + 9] = c.email[row]!
    records[at + 10] = c.suffix[row]! | (c.sex[row]! << 16)
    records[at + 11] = sketchWord(phones[c.phone[row]!]!, emails[c.email[row]!]!)
  }
  return records
}

/** By vocabulary id; 0 for a missing value. */
const sketches = (
  { size, bytes, offsets }: Vocabulary,
  sketch: (bytes: Uint8Array, from: number, to: number) => number,
): Uint16Array => {
  const all = new Uint16Array(size + 1)
  for (let id = 1; id <= size; id++) all[id] = sketch(bytes, offsets[id - 1]!, offsets[id]!)
  return all
}
