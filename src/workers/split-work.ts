import { askedFiles } from '../match/asked-rows.js'
import type { Ruleset } from '../match/ruleset.js'
import type { VoterIndex } from '../match/voter-index.js'
import type { RawPerson } from '../runs/prepare-person.js'
import { matchedPart } from './matched-part.js'
import { personLine } from './work-job.js'

/** Persons of one chunk who ask one voter file; `lines` as a job has them. */
export interface WorkPart {
  readonly file: number
  /** their places in the chunk */
  readonly places: number[]
  readonly lines: string[]
}

export interface SplitWork {
  readonly parts: readonly WorkPart[]
  /** places of those whom no single state's worker can decide, or who are too large for a message */
  readonly here: readonly number[]
}

/** So many persons' answers fit into a message, whatever is found of them; a level for each of some thirty fields and extras. */
export const mostAnswered = (ruleset: Ruleset): number => {
  const extras = ruleset.kind === 'tiers' ? 0 : ruleset.weights.extras.length
  return Math.max(1, Math.floor(mostBytes / (16 + ruleset.listed * (40 + extras))))
}

/** What is left of a message for the ruleset, a quarter of a megabyte. */
const mostBytes = 768 * 1024

/**
 * Who goes to which state's workers. A person is matched against the voter files of its states, or against all when it
 * names none of them. Who asks one file goes to that state's workers, who asks several is matched where the run is: only
 * there all indexes are. A part has `mostPersons` at most, and fits into a message.
 */
export const splitWork = (
  persons: readonly RawPerson[],
  files: readonly Pick<VoterIndex, 'state'>[],
  mostPersons: number,
): SplitWork => {
  const parts: WorkPart[] = []
  const here: number[] = []
  const open = new Map<number, { readonly part: WorkPart; bytes: number }>()
  persons.forEach((person, place) => {
    const { states, contacts } = matchedPart(person.contacts)
    const asked = askedFiles({ states }, files)
    const line = personLine({ contacts, excluded: person.excluded })
    const bytes = Buffer.byteLength(line) + 1
    if (asked.length !== 1 || bytes > mostBytes) {
      here.push(place)
      return
    }
    const file = asked[0]!
    let group = open.get(file)
    if (group === undefined || group.bytes + bytes > mostBytes || group.part.places.length === mostPersons) {
      group = { part: { file, places: [], lines: [] }, bytes: 0 }
      open.set(file, group)
      parts.push(group.part)
    }
    group.part.places.push(place)
    group.part.lines.push(line)
    group.bytes += bytes
  })
  return { parts, here }
}
