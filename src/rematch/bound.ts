import { canonicalJson, type Json } from '../../events/canonical-json.js'
import type { DomainEvent } from '../../events/catalogue.js'
import type { VoterFileRef } from '../../events/matchbook.js'
import { ledgerStream } from '../../events/streams.js'
import { engineVersion } from '../engine.js'
import { type AppError, appError, orThrow } from '../errors.js'
import { decodeStored } from '../store/decode-stored.js'
import type { Workplace } from '../workplace.js'
import type { Head } from './plan.js'
import { namesInForce, type RuleNames } from './plan-rules.js'

type Bound = Head['bound']

/** What a plan made now rests on. */
export const boundNow = async ({ db, store, tenant }: Workplace): Promise<Bound> => {
  const ledger = await orThrow(store.revision(ledgerStream(tenant)))
  const [imports] = await orThrow(
    db.query<{ batches: number; rows: number }>(
      `select count(*)::int as batches, coalesce(sum(imported + rejected), 0)::int8 as rows
         from matchbook.import_batch where tenant = $1`,
      [tenant],
    ),
  )
  return { engine: engineVersion, ledger, batches: imports?.batches ?? 0, rows: imports?.rows ?? 0 }
}

/** What has moved since a plan was made, in words; nothing: it can be applied. */
export const movedSince = async (deps: Workplace, { bound, from, to }: Head): Promise<readonly string[]> => {
  const now = await boundNow(deps)
  const moved = [...engineMoved(bound), ...(await withdrawnAmong(deps, to))]
  if (now.ledger !== bound.ledger) {
    moved.push(
      `the ledger went from revision ${bound.ledger} to ${now.ledger}: ${await whatCameIn(deps, bound.ledger)}`,
    )
  }
  if (now.batches !== bound.batches || now.rows !== bound.rows) {
    moved.push(`${now.batches - bound.batches} more lists and ${now.rows - bound.rows} more rows were imported`)
  }
  return [...moved, ...rulesMoved(await namesInForce(deps), from)]
}

export const engineMoved = ({ engine }: Bound): readonly string[] =>
  engine === engineVersion ? [] : [`the engine is version ${engineVersion}, the plan was made by ${engine}`]

/** Voter files that a plan goes to and that were withdrawn since. */
export const withdrawnAmong = async ({ db }: Workplace, { voterFiles }: RuleNames): Promise<readonly string[]> => {
  const rows = await orThrow(
    db.query<VoterFileRef>(
      `select state, voter_file as "voterFile" from matchbook.voter_file
        where voter_file = any($1) and withdrawn_at is not null`,
      [voterFiles.map(({ voterFile }) => voterFile)],
    ),
  )
  return rows.map(({ state, voterFile }) => `voter file ${voterFile.slice(0, 12)} of ${state} was withdrawn`)
}

export const rulesMoved = (now: RuleNames, before: RuleNames): readonly string[] => {
  const moved: string[] = []
  if (now.threshold !== before.threshold) {
    moved.push(`the setting match.threshold went from ${before.threshold} to ${now.threshold}`)
  }
  if (now.ruleset !== before.ruleset) {
    moved.push(`the ruleset in force went from ${before.ruleset.slice(0, 12)} to ${now.ruleset.slice(0, 12)}`)
  }
  if (canonicalJson(now.voterFiles as unknown as Json) !== canonicalJson(before.voterFiles as unknown as Json)) {
    moved.push(`the current voter files went from ${filesText(before)} to ${filesText(now)}`)
  }
  return moved
}

const filesText = ({ voterFiles }: RuleNames): string =>
  voterFiles.map(({ state, voterFile }) => `${state} ${voterFile.slice(0, 12)}`).join(', ') || 'none'

/** Counts of what the ledger got, by event type. */
const whatCameIn = async ({ store, tenant }: Workplace, after: number): Promise<string> => {
  const counts = new Map<DomainEvent['type'], number>()
  for await (const events of store.readStream(ledgerStream(tenant), { from: after + 1 })) {
    for (const stored of events) {
      const { type } = decodeStored(stored)
      counts.set(type, (counts.get(type) ?? 0) + 1)
    }
  }
  return [...counts].map(([type, count]) => `${count} ${type}`).join(', ')
}

export const stale = (plan: string, moved: readonly string[]): AppError =>
  appError('PLAN_STALE', `plan ${plan.slice(0, 12)} is stale: ${moved.join('; ')}; plan again`, {
    plan,
  })
