import { canonicalJson, type Json } from '../../events/canonical-json.js'
import type { VoterFileRef } from '../../events/matchbook.js'
import { engineVersion } from '../engine.js'
import { orThrow } from '../errors.js'
import { decodeStored } from '../store/decode-stored.js'
import type { Workplace } from '../workplace.js'

/** Which recorded decisions are what this engine finds under a ruleset and voter files, whatever the threshold was. */
export interface TrustedRuns {
  /** decisions of these runs */
  readonly runs: readonly string[]
  /** and those from before this position: a later run over everybody has found the same, and recorded nothing */
  readonly before: number
}

export const noTrust: TrustedRuns = { runs: [], before: -1 }

export const trustedRuns = async (
  { db, store, tenant }: Pick<Workplace, 'db' | 'store' | 'tenant'>,
  ruleset: string,
  voterFiles: readonly VoterFileRef[],
): Promise<TrustedRuns> => {
  const rows = await orThrow(
    db.query<{ run_id: string; position: number; whole: boolean }>(
      `select run_id, started_position as position,
              kind in ('match_all', 'rematch') and completed_position is not null as whole
         from matchbook.run where tenant = $1 and ruleset = $2 and voter_files::text = $3`,
      [tenant, ruleset, canonicalJson(voterFiles as unknown as Json)],
    ),
  )
  const stored = await orThrow(store.readEvents(rows.map(({ position }) => position)))
  const ours = new Set(
    stored.filter((one) => decodeStored(one).meta.engine === engineVersion).map(({ position }) => position),
  )
  const trusted = rows.filter(({ position }) => ours.has(position))
  return {
    runs: trusted.map(({ run_id }) => run_id),
    before: Math.max(-1, ...trusted.filter(({ whole }) => whole).map(({ position }) => position)),
  }
}
