import type { VoterFileRef } from '../../events/matchbook.js'
import { orThrow } from '../errors.js'
import type { Ruleset } from '../match/ruleset.js'
import type { LoadIndex } from '../rules/rules-in-force.js'
import type { Workplace } from '../workplace.js'
import type { StandingRow, standingsSql } from './load-standings.js'
import type { RuleNames } from './plan-rules.js'
import { noTrust, type TrustedRuns, trustedRuns } from './trusted-runs.js'
import { untouchedBy } from './untouched.js'

/** Whose decision in force matching would find again, threshold aside. */
export interface Shortcut {
  readonly path: 'recorded' | 'difference' | 'everybody'
  readonly trusted: TrustedRuns
  readonly reads: Parameters<typeof standingsSql>[0]
  readonly stands: (row: StandingRow) => boolean
}

export const everybody: Shortcut = {
  path: 'everybody',
  trusted: noTrust,
  reads: 'contacts of who is matched',
  stands: () => false,
}

/** A decision must list the second best candidate, or a new threshold can't know the lead. */
const leastListed = 2

/**
 * The shortest way that gives exactly what matching everybody gives.
 * - The same ruleset and voter files as the decisions in force: these say it all (`recorded`).
 * - Tiers, another voter file: whoever no changed row comes near keeps its candidates (`difference`).
 * - Probabilities rest on how frequent each value is in the whole file: one changed row moves the fourth decimal of
 *   persons who have nothing to do with it, so another file, like another ruleset, is a matter of everybody.
 */
export const shortcutTo = async (
  deps: Pick<Workplace, 'db' | 'store' | 'tenant'>,
  to: RuleNames,
  ruleset: Ruleset,
  loadIndex: LoadIndex,
): Promise<Shortcut> => {
  if (ruleset.listed < leastListed) return everybody
  const files = await filesOfLastRun(deps, to.ruleset)
  if (files === undefined) return everybody
  const trusted = await trustedRuns(deps, to.ruleset, files)
  if (trusted.runs.length === 0) return everybody
  if (isSame(files, to.voterFiles)) {
    return { path: 'recorded', trusted, reads: 'contacts of who is matched', stands: ({ recorded }) => recorded }
  }
  if (ruleset.kind !== 'tiers' || files.length !== to.voterFiles.length) return everybody
  if (files.some(({ state }, i) => to.voterFiles[i]?.state !== state)) return everybody
  const untouched = await untouchedBy(files, to.voterFiles, loadIndex)
  if (untouched === undefined) return everybody
  const stands = (row: StandingRow): boolean => row.recorded && untouched(row)
  return { path: 'difference', trusted, reads: 'all contacts', stands }
}

const isSame = (a: readonly VoterFileRef[], b: readonly VoterFileRef[]): boolean =>
  a.length === b.length && a.every((file, i) => file.state === b[i]!.state && file.voterFile === b[i]!.voterFile)

const filesOfLastRun = async (
  { db, tenant }: Pick<Workplace, 'db' | 'tenant'>,
  ruleset: string,
): Promise<readonly VoterFileRef[] | undefined> => {
  const [run] = await orThrow(
    db.query<{ files: readonly VoterFileRef[] }>(
      `select voter_files as files from matchbook.run
        where tenant = $1 and ruleset = $2 order by started_position desc limit 1`,
      [tenant, ruleset],
    ),
  )
  return run?.files
}
