import type { Contact } from '../../../events/contact.js'
import type { Decision } from '../../../events/matchbook.js'
import { settled } from '../../decide/assign.js'
import type { PreparedPerson } from '../../match/prepared.js'
import type { Ruleset } from '../../match/ruleset.js'
import type { WeighedLevels } from '../../match/standard/explain-weights.js'
import type { VoterIndex } from '../../match/voter-index.js'
import { rowOfSvid, voterVersion } from '../../match/voter-version.js'
import { buildDecision } from '../../runs/build-decision.js'
import { weighed } from '../../runs/explain-fields.js'
import { matchPrepared } from '../../runs/match-job.js'
import { preparePerson } from '../../runs/prepare-person.js'
import type { Evidence, VoterRow } from './evidence.js'
import { evidenceIndex } from './evidence-index.js'
import type { StoryDecision } from './story.js'

export interface Reproduced {
  readonly decision: Decision
  /** of the linked voter */
  readonly voterVersion: string | undefined
  /** what each field of a pair weighs; undefined for a voter that isn't among the candidates */
  readonly weigh: (state: string, svid: string) => WeighedLevels | undefined
}

export const personOf = (contacts: readonly Contact[], excluded: StoryDecision['excluded']): PreparedPerson =>
  preparePerson({ contacts: JSON.stringify(contacts.map((contact) => ({ contact }))), excluded })

/**
 * Decides again from a bundle alone: levels from both sides' values, weights from the ruleset and the frequencies, the
 * score over the candidates and the odds of those that aren't shown, the outcome. Who holds a voter that several persons
 * want is taken from the decision. Throws CHECK_FAILED when a row is missing.
 */
export const reproduceDecision = (
  { event, excluded }: Pick<StoryDecision, 'event' | 'excluded'>,
  contacts: readonly Contact[],
  ruleset: Ruleset,
  evidence: Evidence,
  rows: readonly VoterRow[],
): Reproduced => {
  const { threshold, personId, decision: recorded } = event.data
  const files = evidence.files.map((file) => evidenceIndex(file, rows))
  const indexes = files.map(({ index }) => index)
  const person = personOf(contacts, excluded)
  const alone = {
    ...person,
    excluded: [...person.excluded, ...files.flatMap(({ counted }) => counted)],
    unlisted: evidence.unlisted,
  }
  const chunk = matchPrepared([alone], indexes, { ruleset, threshold })
  chunk.found[0] = evidence.compared
  const proposal = buildDecision({ chunk, place: 0 }, indexes, ruleset)
  const decision = settled(proposal, personId, recorded.duplicateOf ?? personId)
  const { state, svid } = decision
  return {
    decision,
    voterVersion: decision.outcome === 'linked' ? versionOf(indexes, state!, svid!) : undefined,
    weigh: (ofState, ofSvid) => {
      const index = indexes.find((one) => one.state === ofState)
      const row = index === undefined ? -1 : rowOfSvid(index, ofSvid)
      return index === undefined || row < 0 ? undefined : weighed(ruleset, index, row, person.contacts)
    },
  }
}

const versionOf = (indexes: readonly VoterIndex[], state: string, svid: string): string => {
  const index = indexes.find((one) => one.state === state)!
  return voterVersion(index, rowOfSvid(index, svid))
}
