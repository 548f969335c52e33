import type { Sex } from './read-names.js'

/** The year in which the generated register was drawn up: ages are counted from it. */
export const registerYear = 2024

export interface BirthDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** One adult as family and birth made them. `bornAs` is the surname before marriage. */
export interface Adult {
  readonly sex: Sex
  readonly born: BirthDate
  readonly first: string
  readonly last: string
  readonly bornAs: string
  readonly hispanic: boolean
  /** Shares first and last name with a parent or child in the same home. */
  readonly namesake: 'none' | 'senior' | 'junior'
  readonly twin: boolean
}
