import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { PreparedContact } from '../../../src/match/prepared.js'
import { textOf, type VoterIndex } from '../../../src/match/voter-index.js'

/** What the exact tiers compare, in the one normalised form. */
const normalisedColumns = ['first', 'last', 'number', 'street', 'unit', 'city', 'zip'] as const

type TextAt = (row: number) => string

const linesAtOnce = 20_000

/** A CSV of row numbers and quoted texts; normalised texts have no quotes. */
const writeRows = async (file: string, rows: number, columns: readonly TextAt[]): Promise<void> => {
  const out = createWriteStream(file)
  out.write(`row,${normalisedColumns.join(',')}\n`)
  for (let from = 0; from < rows; from += linesAtOnce) {
    let lines = ''
    for (let row = from; row < Math.min(rows, from + linesAtOnce); row++) {
      lines += String(row)
      for (const textAt of columns) lines += `,"${textAt(row)}"`
      lines += '\n'
    }
    if (!out.write(lines)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
}

export const writeVoterRows = (file: string, { voters, columns, vocabularies }: VoterIndex): Promise<void> =>
  writeRows(
    file,
    voters,
    normalisedColumns.map((name) => {
      const vocabulary = vocabularies[name]
      const texts = Array.from({ length: vocabulary.size + 1 }, (_, id) => textOf(vocabulary, id))
      const ids = columns[name]
      return (row) => texts[ids[row]!]!
    }),
  )

export const writeContactRows = (file: string, contacts: readonly PreparedContact[]): Promise<void> =>
  writeRows(
    file,
    contacts.length,
    normalisedColumns.map((name) => (row) => contacts[row]![name]),
  )
