import * as t from 'io-ts'

const matching = (name: string, pattern: RegExp): t.Type<string> =>
  new t.Type<string>(
    name,
    (u): u is string => typeof u === 'string' && pattern.test(u),
    (u, c) => (typeof u === 'string' && pattern.test(u) ? t.success(u) : t.failure(u, c, `not a ${name}`)),
    t.identity,
  )

export const Uuid = matching('UUID', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
export const Sha256 = matching('SHA-256 in hex', /^[0-9a-f]{64}$/)
export const Pid = matching('PID', /^[0-9A-HJKMNP-TV-Z]{6}$/)
export const StateCode = matching('state code', /^[A-Z]{2}$/)
export const Tenant = matching('tenant name', /^[a-z0-9][a-z0-9_-]{0,62}$/)
export const Actor = matching('actor', /^(import|system|user:.{1,200})$/)
export const Timestamp = matching('UTC timestamp', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const isRealDate = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

const datePattern = /^(?!0000)\d{4}-\d\d-\d\d$/
export const DateText = new t.Type<string>(
  'date (YYYY-MM-DD)',
  (u): u is string => typeof u === 'string' && datePattern.test(u) && isRealDate(u),
  (u, c) =>
    typeof u === 'string' && datePattern.test(u) && isRealDate(u)
      ? t.success(u)
      : t.failure(u, c, 'not a date (YYYY-MM-DD)'),
  t.identity,
)

const integer = (name: string, min: number): t.Type<number> =>
  new t.Type<number>(
    name,
    (u): u is number => Number.isSafeInteger(u) && (u as number) >= min,
    (u, c) =>
      Number.isSafeInteger(u) && (u as number) >= min ? t.success(u as number) : t.failure(u, c, `not a ${name}`),
    t.identity,
  )

export const Count = integer('count (whole number, 0 or more)', 0)
export const RowNumber = integer('row number (whole number, 1 or more)', 1)

/** A probability or fixed score: 0 to 1, four decimals. */
export const Score = new t.Type<number>(
  'score (0 to 1)',
  (u): u is number => typeof u === 'number' && u >= 0 && u <= 1,
  (u, c) => (typeof u === 'number' && u >= 0 && u <= 1 ? t.success(u) : t.failure(u, c, 'not a score from 0 to 1')),
  t.identity,
)
