import { exemptColumns } from './florida-columns.js'
import type { ColumnMap } from './map-columns.js'
import { identifier } from './open-duckdb.js'
import type { SourceColumn, SourceFormat } from './source-table.js'
import { protectedFields } from './voter-fields.js'

export interface ArtifactColumn {
  readonly name: string
  /** expression over the source */
  readonly sql: string
}

/** Column of the artifact that says Y where the state keeps the voter's data from the public. */
export const maskedColumn = 'masked'

const whole = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|UHUGEINT)$/
const fraction = /^(FLOAT|DOUBLE|DECIMAL)/

/** The column as text. Numbers that a table program made of identifiers lose their `.0`, ZIPs get their zero back. */
const asText = ({ sql, type }: SourceColumn, field: string | undefined): string => {
  if (type === 'VARCHAR') return sql
  if (!whole.test(type) && !fraction.test(type)) return `${sql}::varchar`
  const number = fraction.test(type)
    ? `(case when ${sql} = trunc(${sql}) then ${sql}::hugeint::varchar else ${sql}::varchar end)`
    : `${sql}::varchar`
  if (field !== 'zip') return number
  return `(case when length(${number}) <= 5 then lpad(${number}, 5, '0') when length(${number}) = 8 then '0' || ${number} else ${number} end)`
}

/** Names that a column of the source can't have because a field has it. */
const unused = (name: string, used: ReadonlySet<string>): string => {
  let free = name
  for (let n = 1; used.has(free.toLowerCase()); n++) free = n === 1 ? `source.${name}` : `source.${name}.${n}`
  return free
}

/**
 * The artifact's columns: every column of the source in its order, fields under their own names, fields made up of several
 * columns behind them, then `masked`. `stars`: the source has `*` in it, which then becomes null in protected fields.
 */
export const artifactColumns = (
  columns: readonly SourceColumn[],
  map: ColumnMap,
  { format, stars }: { readonly format: SourceFormat; readonly stars: 'some' | 'none' },
): readonly ArtifactColumn[] => {
  const fieldOf = new Map([...map].flatMap(([field, places]) => (places.length === 1 ? [[places[0]!, field]] : [])))
  const used = new Set([...[...map.keys()].map((field) => field.toLowerCase()), maskedColumn])
  const named = columns.map((column, place) => {
    const field = fieldOf.get(place)
    const name = field ?? unused(column.header, used)
    used.add(name.toLowerCase())
    return { name, sql: field === 'svid' ? `trim(${asText(column, field)})` : asText(column, field) }
  })
  const joined = [...map].flatMap(([field, places]) => {
    if (places.length === 1) return []
    const parts = places.map((place) => `nullif(${asText(columns[place]!, undefined)}, '')`)
    return [{ name: field, sql: `concat_ws(' ', ${parts.join(', ')})` }]
  })
  if (format === 'florida') return floridaArtifact(named)
  const all = [...named, ...joined]
  if (stars === 'none') return [...all, { name: maskedColumn, sql: 'null::varchar' }]
  const hidden = all.filter(({ name }) => protectedFields.includes(name)).map(({ sql }) => sql)
  const isHidden = hidden.length === 0 ? 'false' : `'*' in (${hidden.join(', ')})`
  return [
    ...all.map((one) =>
      protectedFields.includes(one.name) ? { name: one.name, sql: `nullif(${one.sql}, '*')` } : one,
    ),
    { name: maskedColumn, sql: `case when ${isHidden} then 'Y' end` },
  ]
}

/** Florida writes `*` into every field it keeps back; what an exempt voter's county left in is dropped all the same. */
const floridaArtifact = (named: readonly ArtifactColumn[]): readonly ArtifactColumn[] => {
  const sqlOf = new Map(named.map(({ name, sql }) => [name, sql]))
  const exemption = sqlOf.get('public_records_exemption')!
  const phone = `concat(${sqlOf.get('daytime_area_code')}, ${sqlOf.get('daytime_phone_number')})`
  const columns = [...named, { name: 'phone', sql: phone }]
  const hidden = columns.filter(({ name }) => protectedFields.includes(name)).map(({ sql }) => sql)
  const isExempt = `upper(${exemption}) = 'Y'`
  return [
    ...columns.map(({ name, sql }) => {
      if (name === 'svid' || name === 'county' || name === 'public_records_exemption') return { name, sql }
      const open = name === 'phone' ? `nullif(replace(${sql}, '*', ''), '')` : `nullif(${sql}, '*')`
      return {
        name,
        sql: exemptColumns.has(name) || name === 'phone' ? `case when ${isExempt} then null else ${open} end` : open,
      }
    }),
    { name: maskedColumn, sql: `case when ${isExempt} or '*' in (${hidden.join(', ')}) then 'Y' end` },
  ]
}

export const selectList = (columns: readonly ArtifactColumn[]): string =>
  columns.map(({ name, sql }) => `${sql} as ${identifier(name)}`).join(', ')
