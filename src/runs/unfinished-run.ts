import { orThrow } from '../errors.js'
import type { Workplace } from '../workplace.js'
import type { RulesInForce } from './rules-of-run.js'

/** The run of this kind under these very rules that was started last and never completed. */
export const unfinishedRun = async (
  { db, tenant }: Workplace,
  { rulesetHash, threshold, voterFiles }: RulesInForce,
  kind: string,
): Promise<string | undefined> => {
  const [last] = await orThrow(
    db.query<{ run_id: string; completed_position: number | null; same: boolean }>(
      `select run_id, completed_position,
              kind = $2 and ruleset = $3 and threshold = $4 and voter_files::jsonb = $5::jsonb as same
         from matchbook.run where tenant = $1
        order by started_position desc limit 1`,
      [tenant, kind, rulesetHash, threshold, JSON.stringify(voterFiles)],
    ),
  )
  return last?.same && last.completed_position === null ? last.run_id : undefined
}
