import { recordWidth, type VoterIndex } from '../match/voter-index.js'
import { sharedWords } from './shared-arrays.js'

/** The columns row by row; see `recordFields`. */
export const buildRecords = ({
  voters,
  columns: c,
  birthDate,
}: Pick<VoterIndex, 'voters' | 'columns' | 'birthDate'>): Uint32Array => {
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
    records[at + 11] = c.unit[row]!
  }
  return records
}
