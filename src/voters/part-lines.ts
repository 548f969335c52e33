import { houseNumberPattern } from '../normalise/address.js'
import { literal } from './open-duckdb.js'
import type { Expressions } from './read-columns.js'

/**
 * Street lines parted into house number and rest inside DuckDB, by the pattern that splitHouseNumber uses, so that JS sees
 * only distinct numbers and streets. How a number given apart joins its line:
 * 0 there is none · 1 plain, before a street that begins with a letter: nothing to part · 3 plain, before a street that
 * begins otherwise (2ND AVE) but with no number of its own: joined, then parted · 2 anything else: left to parseAddress.
 */
const how = `case when number_apart = '' then 0
  when not regexp_full_match(number_apart, '[0-9]+[A-Za-z]?') then 2
  when ascii(street_line) between 65 and 90 or ascii(street_line) between 97 and 122 then 1
  when regexp_matches(street_line, ${literal(houseNumberPattern)}) then 2
  else 3 end`

/** FROM clause over an artifact that yields what `partedColumns` name, and address2, city and zip. */
export const partedLines = (artifact: string, columns: readonly string[]): string => {
  const text = (name: string): string => (columns.includes(name) ? `coalesce(${name}, '')` : `''`)
  const kept = ['address2', 'city', 'zip'].map((name) => `${text(name)} as ${name}`).join(', ')
  const lines = `select ${kept}, ${text('address1')} as street_line, ${text('house_number')} as number_apart from ${artifact}`
  const judged = columns.includes('house_number')
    ? `select *, ${how} as how, case how when 1 then '' when 3 then number_apart || ' ' || street_line else street_line end
         as whole_line from (${lines})`
    : `select *, 0 as how, street_line as whole_line from (${lines})`
  const parted = `regexp_extract(whole_line, ${literal(houseNumberPattern)}, ['number', 'rest'])`
  return `(select *, ${parted} as parted from (${judged}))`
}

export const partedColumns: Expressions = {
  number: 'case how when 1 then number_apart else parted.number end',
  rest: "case when how = 1 then street_line when parted.number = '' then whole_line else parted.rest end",
  house_number: "case how when 2 then number_apart else '' end",
}
