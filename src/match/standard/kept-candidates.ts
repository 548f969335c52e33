/** The best candidates of one person over all files asked, best first; filled anew for each person. */
export interface KeptCandidates {
  count: number
  /** which file, and its row */
  readonly files: Uint8Array
  readonly rows: Uint32Array
  /** odds that this is the person, against nobody; infinite for the SVID that the list gives */
  readonly odds: Float64Array
  /** codes of the compared fields, `width` a candidate: class × levels + level */
  readonly codes: Uint16Array
  /** ln u, all fields together */
  readonly logU: Float64Array
  readonly width: number
}

export const keptCandidates = (most: number, width: number): KeptCandidates => ({
  count: 0,
  files: new Uint8Array(most),
  rows: new Uint32Array(most),
  odds: new Float64Array(most),
  codes: new Uint16Array(most * width),
  logU: new Float64Array(most),
  width,
})

/**
 * Makes room for a candidate and answers its place, −1 when as many better ones are kept already. Of equal odds the
 * earlier file and the lower row stand first. The caller writes codes and ln u.
 */
export const keep = (kept: KeptCandidates, file: number, row: number, odds: number): number => {
  const { files, rows, odds: all } = kept
  const most = all.length
  let at = kept.count
  while (at > 0 && isBefore(odds, file, row, all[at - 1]!, files[at - 1]!, rows[at - 1]!)) at--
  if (at === most) return -1
  const end = Math.min(kept.count, most - 1)
  for (let k = end; k > at; k--) moveDown(kept, k)
  files[at] = file
  rows[at] = row
  all[at] = odds
  kept.count = end + 1
  return at
}

/** One place down. Written out: copyWithin on five arrays took longer than comparing. */
const moveDown = ({ files, rows, odds, codes, logU, width }: KeptCandidates, k: number): void => {
  files[k] = files[k - 1]!
  rows[k] = rows[k - 1]!
  odds[k] = odds[k - 1]!
  logU[k] = logU[k - 1]!
  for (let f = k * width; f < (k + 1) * width; f++) codes[f] = codes[f - width]!
}

const isBefore = (odds: number, file: number, row: number, odds2: number, file2: number, row2: number): boolean =>
  odds !== odds2 ? odds > odds2 : file !== file2 ? file < file2 : row < row2
