import { textColumns, textOf, type Vocabulary, type VoterIndex } from '../match/voter-index.js'
import { rowOfSvid } from '../match/voter-version.js'

/** A voter whose data is not the same in two files: its row in the one that has it so. */
export type OnChanged = (index: VoterIndex, row: number) => void

type Codes = VoterIndex['columns']['first']

interface Column {
  readonly old: Codes
  readonly next: Codes
  readonly oldTexts: Vocabulary
  readonly nextTexts: Vocabulary
  /** next file's id → an id of the old one's that is the same text; 0: none was met yet */
  readonly known: Uint32Array
}

/**
 * Calls `changed` with every row of either file that the other has not, or not so: one who left, one who is new, and of
 * one whose data differs both. Texts are compared as bytes, each pair of ids once: decoding them took ten times as long.
 * Answers whether those who are in both stand in the same order.
 */
export const changedVoters = (old: VoterIndex, next: VoterIndex, changed: OnChanged): 'in order' | 'reordered' => {
  const columns = columnsOf(old, next)
  const isInBoth = new Uint8Array(old.voters)
  let guess = 0
  let order: 'in order' | 'reordered' = 'in order'
  for (let row = 0; row < next.voters; row++) {
    const isNext = guess < old.voters && isSameText(old.svids, guess + 1, next.svids, row + 1)
    const before = isNext ? guess : rowOfSvid(old, textOf(next.svids, row + 1))
    if (before < 0) {
      changed(next, row)
      continue
    }
    if (before < guess) order = 'reordered'
    // files keep their order from one quarter to the next, mostly
    guess = before + 1
    isInBoth[before] = 1
    if (old.birthDate[before] === next.birthDate[row] && isSame(columns, before, row)) continue
    changed(old, before)
    changed(next, row)
  }
  for (let row = 0; row < old.voters; row++) if (isInBoth[row] === 0) changed(old, row)
  return order
}

/** True when the files have the same further columns; where they don't, every voter has changed. */
export const haveSameExtras = (old: VoterIndex, next: VoterIndex): boolean =>
  Object.keys(old.extras).sort().join('\u0000') === Object.keys(next.extras).sort().join('\u0000')

const isSame = (columns: readonly Column[], before: number, row: number): boolean => {
  for (const { old, next, oldTexts, nextTexts, known } of columns) {
    const a = old[before]!
    const b = next[row]!
    if (a === 0 && b === 0) continue
    if (a === 0 || b === 0) return false
    if (known[b] === a) continue
    if (!isSameText(oldTexts, a, nextTexts, b)) return false
    known[b] = a
  }
  return true
}

const isSameText = (a: Vocabulary, i: number, b: Vocabulary, j: number): boolean => {
  const from = a.offsets[i - 1]!
  const to = b.offsets[j - 1]!
  const length = a.offsets[i]! - from
  if (b.offsets[j]! - to !== length) return false
  for (let k = 0; k < length; k++) if (a.bytes[from + k] !== b.bytes[to + k]) return false
  return true
}

const columnsOf = (old: VoterIndex, next: VoterIndex): readonly Column[] => [
  ...textColumns.map((name) =>
    columnOf(old.columns[name], next.columns[name], old.vocabularies[name], next.vocabularies[name]),
  ),
  ...Object.keys(next.extras).map((name) => {
    const [a, b] = [old.extras[name]!, next.extras[name]!]
    return columnOf(a.column, b.column, a.vocabulary, b.vocabulary)
  }),
]

const columnOf = (old: Codes, next: Codes, oldTexts: Vocabulary, nextTexts: Vocabulary): Column => ({
  ...{ old, next, oldTexts, nextTexts },
  known: new Uint32Array(nextTexts.size + 1),
})
