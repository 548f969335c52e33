import * as t from 'io-ts'

/** A codec of the values for which `is` holds; its failure says `not a NAME`. `schema` says the same to JSON Schema. */
export class Refined<A> extends t.Type<A> {
  readonly schema: Readonly<Record<string, unknown>>

  constructor(name: string, is: (u: unknown) => u is A, schema: Readonly<Record<string, unknown>>) {
    super(name, is, (u, c) => (is(u) ? t.success(u) : t.failure(u, c, `not a ${name}`)), t.identity)
    this.schema = schema
  }
}

const refined = <A>(name: string, is: (u: unknown) => u is A, schema: Readonly<Record<string, unknown>>): t.Type<A> =>
  new Refined(name, is, schema)

const matching = (name: string, pattern: RegExp): t.Type<string> =>
  refined(name, (u): u is string => typeof u === 'string' && pattern.test(u), {
    type: 'string',
    pattern: pattern.source,
  })

export const Uuid = matching('UUID', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
export const Sha256 = matching('SHA-256 in hex', /^[0-9a-f]{64}$/)
export const Pid = matching('PID', /^[0-9A-HJKMNP-TV-Z]{6}$/)
export const StateCode = matching('state code', /^[A-Z]{2}$/)
export const Tenant = matching('tenant name', /^[a-z0-9][a-z0-9_-]{0,62}$/)
export const Actor = matching('actor', /^(import|system|user:.{1,200})$/)
export const Timestamp = matching('UTC timestamp', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

const datePattern = /^(?!0000)\d{4}-\d\d-\d\d$/

const isDate = (u: unknown): u is string => {
  if (typeof u !== 'string' || !datePattern.test(u)) return false
  const time = Date.parse(`${u}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(u)
}

export const DateText = refined('date (YYYY-MM-DD)', isDate, { type: 'string', format: 'date' })

const integer = (name: string, min: number): t.Type<number> =>
  refined(name, (u): u is number => Number.isSafeInteger(u) && (u as number) >= min, {
    type: 'integer',
    minimum: min,
  })

export const Count = integer('count (whole number, 0 or more)', 0)
export const RowNumber = integer('row number (whole number, 1 or more)', 1)

/** A probability or fixed score: 0 to 1, four decimals. */
export const Score = refined('score (0 to 1)', (u): u is number => typeof u === 'number' && u >= 0 && u <= 1, {
  type: 'number',
  minimum: 0,
  maximum: 1,
})
