import type { VoterFileRef } from '../../events/matchbook.js'
import { type AppError, appError, orThrow } from '../errors.js'
import type { RulesInForce } from '../runs/rules-of-run.js'
import type { LoadedIndex } from '../voters/load-index.js'
import type { Workplace } from '../workplace.js'
import { findRuleset, publishRuleset } from './rulesets.js'
import { getSetting, setSetting } from './settings.js'

export type LoadIndex = (ref: VoterFileRef) => Promise<LoadedIndex>

/** The newest voter file of each state that is not withdrawn. */
export const currentVoterFiles = async ({ db }: Pick<Workplace, 'db'>): Promise<readonly VoterFileRef[]> =>
  orThrow(
    db.query<VoterFileRef>(
      `select state, voter_file as "voterFile" from matchbook.voter_file where current order by state`,
    ),
  )

export const noVoterFile = (): AppError =>
  appError('VOTER_FILE_NOT_FOUND', 'no voter file is published yet: matchbook voters publish FILE --state FL')

/**
 * Ruleset, threshold and voter files that a tenant's runs decide by. What was a default until now is written into the
 * tenant's history first, so that every decision rests on recorded rules. Throws VOTER_FILE_NOT_FOUND when no voter file
 * was published, and what loading an index says.
 */
export const rulesInForce = async (deps: Workplace, loadIndex: LoadIndex): Promise<RulesInForce> => {
  await deps.catchUp()
  const threshold = await recordedDefault(deps, 'match.threshold')
  const chosen = await recordedDefault(deps, 'match.ruleset')
  const { ruleset, hash } = await publishRuleset(deps, (await findRuleset(deps, String(chosen))).ruleset)
  return { ruleset, rulesetHash: hash, threshold: Number(threshold), ...(await loadVoterFiles(deps, loadIndex)) }
}

/** The same for who only asks: nothing is recorded. Throws as `rulesInForce`. */
export const rulesToAsk = async (deps: Workplace, loadIndex: LoadIndex): Promise<RulesInForce> => {
  await deps.catchUp()
  const threshold = Number((await getSetting(deps, 'match.threshold')).value)
  const { ruleset, hash } = await findRuleset(deps, String((await getSetting(deps, 'match.ruleset')).value))
  return { ruleset, rulesetHash: hash, threshold, ...(await loadVoterFiles(deps, loadIndex)) }
}

const loadVoterFiles = async (
  deps: Workplace,
  loadIndex: LoadIndex,
): Promise<Pick<RulesInForce, 'voterFiles' | 'indexes'>> => {
  const voterFiles = await currentVoterFiles(deps)
  if (voterFiles.length === 0) throw noVoterFile()
  const indexes: LoadedIndex[] = []
  for (const ref of voterFiles) indexes.push(await loadIndex(ref))
  return { voterFiles, indexes }
}

const recordedDefault = async (deps: Workplace, key: string): Promise<string | number> => {
  const setting = await getSetting(deps, key)
  return setting.since === null ? (await setSetting(deps, key, String(setting.value))).value : setting.value
}
