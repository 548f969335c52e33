import type { VoterFileRef } from '../../events/matchbook.js'
import { appError, orThrow } from '../errors.js'
import { setSetting } from '../rules/settings.js'
import { type Published, recordPublication } from '../voters/record-publication.js'
import type { Workplace } from '../workplace.js'
import { namesInForce, type RuleNames } from './plan-rules.js'

/**
 * Makes these rules the ones in force; what is in force already is not recorded again, so it may be done twice. A voter
 * file is current for all tenants: one that others came after becomes the state's newest again.
 */
export const adoptRules = async (deps: Workplace, to: RuleNames): Promise<void> => {
  const now = await namesInForce(deps)
  await setSetting(deps, 'match.threshold', String(to.threshold))
  if (now.ruleset !== to.ruleset) await setSetting(deps, 'match.ruleset', to.ruleset)
  for (const ref of to.voterFiles) {
    const isCurrent = now.voterFiles.some(({ voterFile, state }) => voterFile === ref.voterFile && state === ref.state)
    if (!isCurrent) await recordPublication(deps, await publicationOf(deps, ref))
  }
}

/** What was recorded of a voter file when it was published. */
const publicationOf = async ({ db }: Workplace, { state, voterFile }: VoterFileRef): Promise<Published> => {
  const [row] = await orThrow(
    db.query<Omit<Published, 'asOf'> & { readonly asOf: string | null }>(
      `select state, voter_file as "voterFile", source_hash as "sourceHash", source_name as "sourceName", format, rows,
              rejected, masked, columns, as_of as "asOf"
         from matchbook.voter_file where state = $1 and voter_file = $2 and withdrawn_at is null`,
      [state, voterFile],
    ),
  )
  if (row === undefined) {
    throw appError('VOTER_FILE_WITHDRAWN', `voter file ${voterFile.slice(0, 12)} of ${state} was withdrawn`, {
      voterFile,
    })
  }
  const { asOf, ...published } = row
  return asOf === null ? published : { ...published, asOf }
}
