import type { Row, RowSet } from '../../projections/row-set.js'
import { storable } from '../../projections/storable.js'
import { type Table, typeOf } from '../../projections/table.js'
import { appError, shown } from '../errors.js'
import type { CopyValue } from '../postgres/copy.js'
import { bytesOf, type Message } from './message.js'

type Literal = (value: CopyValue) => string

const quoted: Literal = (value) => JSON.stringify(storable(String(value)))

/** Numbers and JSON are in the row as JSON writes them already; texts, ids and times (ISO 8601, UTC) are not. */
const literals: Readonly<Record<string, Literal>> = { float8: String, bigint: String, jsonb: String }

const columnsOf = (table: Table): readonly (readonly [string, string, Literal])[] =>
  table.columns.map(({ name }) => [name, `${JSON.stringify(name)}:`, literals[typeOf(table, name)] ?? quoted])

/** Makes the messages of a table's rows: key columns with a slash between them, the row as a JSON object of its columns. */
export const rowMessages = (table: Table, maxBytes: number) => {
  const columns = columnsOf(table)
  const keyOf = (row: Row): string => table.key.map((name) => row[name]).join('/')
  const of = (row: Row): Message => {
    let value = ''
    for (const [name, label, literal] of columns) {
      const item = row[name] ?? null
      value += `${value === '' ? '{' : ','}${label}${item === null ? 'null' : literal(item)}`
    }
    const message = { key: keyOf(row), value: `${value}}` }
    if (bytesOf(message) <= maxBytes) return message
    throw appError('BAD_VALUE', `row ${shown(message.key)} of ${table.name} is larger than KAFKA_MAX_MESSAGE_BYTES`)
  }
  const tombstone = (row: Row): Message => ({ key: keyOf(row), value: null })
  return {
    of,
    /** of a row's key columns */
    tombstone,
    /** A batch's net changes: the rows as they stand after it, tombstones for those that are gone. */
    ofChanges: (changes: RowSet): readonly Message[] => {
      const messages: Message[] = []
      const present = new Set<string>()
      for (const row of changes.rows()) {
        const message = of(row)
        present.add(message.key)
        messages.push(message)
      }
      for (const row of changes.stale) {
        const gone = tombstone(row)
        if (!present.has(gone.key)) messages.push(gone)
      }
      return messages
    },
  }
}
