import type { Adult } from './adult.js'
import type { Household } from './household.js'

/** One adult, registered or not, in a household. */
export interface Individual {
  readonly household: number
  /** Which adult of the household. */
  readonly slot: number
  readonly adult: Adult
  readonly living: Household
  /** The serial number among all voters, -1 for somebody who isn't registered. */
  readonly voter: number
}

/** Eight random sequences a household: its adults have the first five, the home itself the last. */
export const personKey = (household: number, slot: number): number => household * 8 + slot
export const homeKey = (household: number): number => household * 8 + 7
