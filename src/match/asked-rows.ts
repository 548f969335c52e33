import type { PreparedPerson } from './prepared.js'
import type { VoterIndex } from './voter-index.js'
import { rowOfSvid, voterVersion } from './voter-version.js'

/** Places of the voter files that a person is looked for in: those of its states, all when there are none of them. */
export const askedFiles = (
  person: Pick<PreparedPerson, 'states'>,
  files: readonly Pick<VoterIndex, 'state'>[],
): readonly number[] => {
  const all = files.map((_, file) => file)
  const named = all.filter((file) => person.states.includes(files[file]!.state))
  return named.length > 0 ? named : all
}

const none: ReadonlySet<number> = new Set()

/** Rows that a human has rejected for this person, while the row is still what the human saw. */
export const excludedRows = ({ excluded }: PreparedPerson, index: VoterIndex): ReadonlySet<number> => {
  if (excluded.length === 0) return none
  const rows = new Set<number>()
  for (const { state, svid, voterVersion: seen } of excluded) {
    const row = index.state === state ? rowOfSvid(index, svid) : -1
    if (row >= 0 && voterVersion(index, row) === seen) rows.add(row)
  }
  return rows
}
