import type { Describe, Ground } from './contact.js'
import type { Entry } from './entries.js'
import { svidOf } from './register-voter.js'
import { openRows } from './write-rows.js'

/** A list of the demo; `truth` holds `row` (1 is the first below the header), `contact` (its id) and `voter`. */
export interface DemoList {
  readonly file: string
  readonly truth: string
  readonly rows: number
  /** How many of its rows are broken on purpose. */
  readonly broken: number
  /** How many of its rows have a voter who can be found. */
  readonly truePairs: number
}

/** What the demo's lists are drawn from: the county, and who its list entries are. */
export interface Scene {
  readonly ground: Ground
  readonly describe: Describe
  readonly entryAt: (n: number) => Entry
}

/** The voter that an entry's person is, if anybody could find out. */
export const truthOf = ({ person }: Entry, isMasked: boolean, seed: number): string | undefined =>
  person.voter === -1 || isMasked ? undefined : svidOf(person.voter, seed)

/** Writes a list's truth. Rejects as `node:fs` does. */
export const writeTruth = async (
  path: string,
  pairs: readonly (readonly [number, string, string])[],
): Promise<void> => {
  const rows = await openRows(path)
  rows.add('row,contact,voter\n')
  for (const [row, contact, voter] of pairs) rows.add(`${row},${contact},${voter}\n`)
  await rows.finish()
}
