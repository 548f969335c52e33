export type FileKind = 'text' | 'zip' | { readonly binary: string }

const signatures: readonly (readonly [hex: string, name: string])[] = [
  ['89504e470d0a1a0a', 'a PNG image'],
  ['ffd8ff', 'a JPEG image'],
  ['474946383', 'a GIF image'],
  ['255044462d', 'a PDF document'],
  ['1f8b08', 'a gzip archive; unpack it first'],
  ['425a68', 'a bzip2 archive; unpack it first'],
  ['fd377a585a00', 'an xz archive; unpack it first'],
  ['28b52ffd', 'a Zstandard archive; unpack it first'],
  ['377abcaf271c', 'a 7-Zip archive; unpack it first'],
  ['d0cf11e0a1b11ae1', 'an old Excel workbook (.xls) or a password-protected one; save it as .xlsx or CSV'],
  ['50415231', 'a Parquet file; publish it as a voter file or save it as CSV'],
  ['53514c69746520666f726d6174203300', 'an SQLite database'],
  ['7f454c46', 'a program'],
]

/** Control characters that no text has, in a share of the head that no text has either. */
const mostControls = 0.05

/** What a file is by its first bytes, whatever its name says. */
export const sniffKind = (head: Buffer): FileKind => {
  const hex = head.subarray(0, 16).toString('hex')
  if (hex.startsWith('504b0304') || hex.startsWith('504b0506')) return 'zip'
  const signature = signatures.find(([start]) => hex.startsWith(start))
  if (signature !== undefined) return { binary: signature[1] }
  if (head.subarray(8, 12).toString('latin1') === 'DUCK') return { binary: 'a DuckDB database' }
  return 'text'
}

/** True for decoded text that is no text: a head full of control characters or of replaced bytes. */
export const looksBinary = (text: string): boolean => {
  const head = text.slice(0, 65_536)
  const controls = head.match(/[\x01-\x08\x0e-\x19\x1b-\x1f\x7f]/g)?.length ?? 0
  const replaced = head.match(/\ufffd/g)?.length ?? 0
  return controls > head.length * mostControls || replaced > head.length / 2
}
