import * as t from 'io-ts'

const mostListed = 100

const isListed = (u: unknown): u is number => Number.isInteger(u) && (u as number) >= 1 && (u as number) <= mostListed

/** Candidates that a decision lists at most. Each costs memory, and room in every decision. */
export const Listed = new t.Type<number>(
  'number of candidates',
  isListed,
  (u, c) => (isListed(u) ? t.success(u) : t.failure(u, c, `not a whole number from 1 to ${mostListed}`)),
  t.identity,
)

/** Neither controls nor marks that turn the text around nor half a sign: it is shown on terminals and in pages. */
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,100}$/u

/** A ruleset is found by its name or by the start of its hash: a name must not pass for the latter. */
const hashLike = /^[0-9a-f]{8,64}$/

const isName = (u: unknown): u is string =>
  typeof u === 'string' && printable.test(u) && u.trim() === u && !hashLike.test(u)

export const notAName = 'not a name: 1 to 100 letters, digits and signs that do not look like a hash'

export const RulesetName = new t.Type<string>(
  'name',
  isName,
  (u, c) => (isName(u) ? t.success(u) : t.failure(u, c, notAName)),
  t.identity,
)
