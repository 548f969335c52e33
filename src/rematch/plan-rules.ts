import type { VoterFileRef } from '../../events/matchbook.js'
import { appError, orThrow, shown } from '../errors.js'
import type { Ruleset } from '../match/ruleset.js'
import { currentVoterFiles, noVoterFile } from '../rules/rules-in-force.js'
import { findRuleset } from '../rules/rulesets.js'
import { getSetting, parseSetting } from '../rules/settings.js'
import type { Workplace } from '../workplace.js'

/** What a decision is made under, by name: hashes and the threshold. */
export interface RuleNames {
  readonly ruleset: string
  readonly threshold: number
  readonly voterFiles: readonly VoterFileRef[]
}

export interface RuleChange {
  /** a number as text */
  readonly threshold?: string
  /** hash, its beginning, or name */
  readonly ruleset?: string
  /** hash or its beginning */
  readonly voterFile?: string
}

export interface PlanRules {
  readonly from: RuleNames
  readonly to: RuleNames
  /** the one that `to` names */
  readonly ruleset: Ruleset
}

type Reading = Pick<Workplace, 'db' | 'tenant'>

/** The rules in force. Unlike `rulesInForce` it records nothing: who plans changes nothing. */
export const namesInForce = async (deps: Reading): Promise<RuleNames> => {
  const chosen = await getSetting(deps, 'match.ruleset')
  const { hash } = await findRuleset(deps, String(chosen.value))
  const threshold = Number((await getSetting(deps, 'match.threshold')).value)
  return { ruleset: hash, threshold, voterFiles: await currentVoterFiles(deps) }
}

/**
 * The rules in force and the ones asked for. Throws BAD_VALUE (threshold), RULESET_NOT_FOUND, VOTER_FILE_NOT_FOUND,
 * VOTER_FILE_WITHDRAWN.
 */
export const planRules = async (deps: Reading, change: RuleChange): Promise<PlanRules> => {
  const from = await namesInForce(deps)
  const { hash, ruleset } = await findRuleset(deps, change.ruleset ?? from.ruleset)
  const threshold =
    change.threshold === undefined ? from.threshold : Number(parseSetting('match.threshold', change.threshold))
  const voterFiles = change.voterFile === undefined ? from.voterFiles : await withFile(deps, from, change.voterFile)
  if (voterFiles.length === 0) throw noVoterFile()
  return { from, to: { ruleset: hash, threshold, voterFiles }, ruleset }
}

/** The files in force, the named one in the place of its state's. */
const withFile = async (deps: Reading, { voterFiles }: RuleNames, hash: string): Promise<readonly VoterFileRef[]> => {
  const { state, voterFile } = await findVoterFile(deps, hash)
  const others = voterFiles.filter((one) => one.state !== state)
  return [...others, { state, voterFile }].sort((a, b) => (a.state < b.state ? -1 : 1))
}

const findVoterFile = async ({ db }: Reading, hash: string): Promise<VoterFileRef> => {
  const found = await orThrow(
    db.query<VoterFileRef & { readonly withdrawn: boolean }>(
      `select state, voter_file as "voterFile", withdrawn_at is not null as withdrawn
         from matchbook.voter_file where length($1) >= 8 and starts_with(voter_file, $1)`,
      [hash],
    ),
  )
  const [file] = found
  if (file === undefined || found.length > 1) {
    const why = file === undefined ? 'there is no voter file' : 'there are several voter files that begin with'
    throw appError('VOTER_FILE_NOT_FOUND', `${why} ${shown(hash)}: matchbook voters list`, { hash })
  }
  const { state, voterFile } = file
  if (!file.withdrawn) return { state, voterFile }
  throw appError('VOTER_FILE_WITHDRAWN', `voter file ${voterFile.slice(0, 12)} of ${state} was withdrawn`, {
    voterFile,
  })
}
