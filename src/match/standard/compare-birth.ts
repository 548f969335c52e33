import { codesOf } from './levels.js'

const birth = codesOf('birth_date')

/** Years further apart than this are no typing error of one digit in the year alone. */
const nearYears = 2

/** The level of two birth dates, yyyymmdd with 0000 for a year alone, 0 for none. */
export const compareBirth = (given: number, voters: number): number => {
  if (given === 0 || voters === 0) return birth.missing
  const year = Math.floor(given / 10_000)
  const votersYear = Math.floor(voters / 10_000)
  const isWhole = given % 100 !== 0 && voters % 100 !== 0
  if (!isWhole) {
    if (year === votersYear) return birth.year
    return Math.abs(year - votersYear) === 1 ? birth.near_year : birth.different
  }
  if (given === voters) return birth.equal
  const day = given % 100
  const month = Math.floor(given / 100) % 100
  if (year === votersYear && month === voters % 100 && day === Math.floor(voters / 100) % 100) return birth.swapped
  if (isOneDigit(given, voters)) return birth.one_digit
  if (year === votersYear) return birth.same_year
  return Math.abs(year - votersYear) <= nearYears ? birth.near_year : birth.different
}

/** One digit differs, or two neighbours are swapped. */
const isOneDigit = (a: number, b: number): boolean => {
  // most dates are ruled out at once: such a difference is 1 to 9, or 9 to 81, at some place
  let difference = Math.abs(a - b)
  while (difference % 10 === 0) difference /= 10
  if (difference > 81) return false
  let x = a
  let y = b
  let differing = 0
  let before = 0
  let firstX = 0
  let firstY = 0
  for (let i = 0; i < 8; i++) {
    const dx = x % 10
    const dy = y % 10
    if (dx !== dy) {
      differing++
      if (differing === 1) {
        before = i
        firstX = dx
        firstY = dy
      } else if (differing > 2 || i !== before + 1 || dx !== firstY || dy !== firstX) return false
    }
    x = Math.floor(x / 10)
    y = Math.floor(y / 10)
  }
  return differing <= 2
}
