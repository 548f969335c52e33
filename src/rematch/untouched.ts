import type { VoterFileRef } from '../../events/matchbook.js'
import type { TierRuleset } from '../match/ruleset.js'
import type { LoadIndex } from '../rules/rules-in-force.js'
import type { StandingRow } from './load-standings.js'

/** TODO */
export const untouchedBy =
  async (
    _from: readonly VoterFileRef[],
    _to: readonly VoterFileRef[],
    _ruleset: TierRuleset,
    _loadIndex: LoadIndex,
  ): Promise<(row: StandingRow) => boolean> =>
  () =>
    false
