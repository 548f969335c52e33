import { sha256Hex } from '../../events/sha256.js'
import { hashText, isOfHash, rowOf, textColumns, textOf, type VoterIndex } from './voter-index.js'

/**
 * SHA-256 (hex) of what matching knows of a voter: its normalised values in column order. It changes when the voter's
 * data changes and not when the file's other rows do.
 */
export const voterVersion = (index: VoterIndex, row: number): string => {
  const parts = textColumns.map((column) => textOf(index.vocabularies[column], index.columns[column][row]!))
  parts.push(String(index.birthDate[row]), textOf(index.svids, row + 1))
  for (const name of Object.keys(index.extras).sort()) {
    const extra = index.extras[name]!
    parts.push(name, textOf(extra.vocabulary, extra.column[row]!))
  }
  return sha256Hex(parts.join('\u0000'))
}

/** The row of an SVID; −1 when the file does not have it. */
export const rowOfSvid = (index: VoterIndex, svid: string): number => {
  const { mask, starts, entries, rowBits } = index.keys.svid
  const hash = hashText(svid)
  const end = starts[(hash & mask) + 1]!
  for (let i = starts[hash & mask]!; i < end; i++) {
    if (!isOfHash(entries[i]!, hash, rowBits)) continue
    const row = rowOf(entries[i]!, rowBits)
    if (textOf(index.svids, row + 1) === svid) return row
  }
  return -1
}
