import { idOf, textColumns, textOf, type Vocabulary, type VoterIndex } from '../match/voter-index.js'
import { rowOfSvid } from '../match/voter-version.js'

/** A voter whose data is not the same in two files: its row in the one that has it so. */
export type OnChanged = (index: VoterIndex, row: number) => void

type Codes = VoterIndex['columns']['first']

interface Column {
  readonly old: Codes
  readonly next: Codes
  /** next file's id → old file's, −1: no voter of the old file has the text */
  readonly translated: Int32Array
}

/**
 * Calls `changed` with every row of either file that the other has not, or not so: one who left, one who is new, and of
 * one whose data differs both. Ids are translated once a text, then compared as numbers.
 */
export const changedVoters = (old: VoterIndex, next: VoterIndex, changed: OnChanged): void => {
  const columns = columnsOf(old, next)
  const isInBoth = new Uint8Array(old.voters)
  let guess = 0
  for (let row = 0; row < next.voters; row++) {
    const svid = textOf(next.svids, row + 1)
    const isNext = guess < old.voters && textOf(old.svids, guess + 1) === svid
    const before = isNext ? guess : rowOfSvid(old, svid)
    if (before < 0) {
      changed(next, row)
      continue
    }
    // files keep their order from one quarter to the next, mostly
    guess = before + 1
    isInBoth[before] = 1
    if (old.birthDate[before] === next.birthDate[row] && isSame(columns, before, row)) continue
    changed(old, before)
    changed(next, row)
  }
  for (let row = 0; row < old.voters; row++) if (isInBoth[row] === 0) changed(old, row)
}

/** True when the files have the same further columns; where they don't, every voter has changed. */
export const haveSameExtras = (old: VoterIndex, next: VoterIndex): boolean =>
  Object.keys(old.extras).sort().join('\u0000') === Object.keys(next.extras).sort().join('\u0000')

const isSame = (columns: readonly Column[], before: number, row: number): boolean => {
  for (const { old, next, translated } of columns) if (translated[next[row]!] !== old[before]) return false
  return true
}

const columnsOf = (old: VoterIndex, next: VoterIndex): readonly Column[] => [
  ...textColumns.map((name) => ({
    old: old.columns[name],
    next: next.columns[name],
    translated: translate(old.vocabularies[name], next.vocabularies[name]),
  })),
  ...Object.keys(next.extras).map((name) => ({
    old: old.extras[name]!.column,
    next: next.extras[name]!.column,
    translated: translate(old.extras[name]!.vocabulary, next.extras[name]!.vocabulary),
  })),
]

const translate = (old: Vocabulary, next: Vocabulary): Int32Array => {
  const ids = new Int32Array(next.size + 1)
  for (let id = 1; id <= next.size; id++) ids[id] = idOf(old, textOf(next, id))
  return ids
}
