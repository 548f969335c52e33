import type { DomainEvent } from '../../events/catalogue.js'
import { derivedUuid, eventIdOf } from '../../events/ids.js'
import { ledgerStream } from '../../events/streams.js'
import { decisionSha } from '../decide/decision-sha.js'
import { isAppError, orThrow } from '../errors.js'
import { rowOfSvid, voterVersion } from '../match/voter-version.js'
import type { LoadIndex } from '../rules/rules-in-force.js'
import { findRuleset, publishRuleset } from '../rules/rulesets.js'
import type { Conclusion } from '../runs/conclude.js'
import type { OpenMatcher } from '../runs/match-pool.js'
import type { RulesInForce } from '../runs/rules-of-run.js'
import type { Run } from '../runs/run.js'
import { complete, decideAgain, newRun } from '../runs/run-match.js'
import { type LedgerWriter, ledgerWriter, takeInOthers } from '../runs/write-ledger.js'
import type { LoadedIndex } from '../voters/load-index.js'
import type { Workplace } from '../workplace.js'
import { adoptRules } from './adopt-rules.js'
import { findRun, noteEverybody, standNow } from './applied-so-far.js'
import { engineMoved, movedSince, rulesMoved, stale, withdrawnAmong } from './bound.js'
import type { Change, Head, ReopenedVerdict } from './plan.js'
import { type PlanFile, summaryOf } from './plan-file.js'
import { namesInForce } from './plan-rules.js'

export interface ApplyOptions {
  readonly threads?: number
  /** who matches; this process unless given */
  readonly openMatcher?: OpenMatcher
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, changed: number) => void
}

export interface Applied {
  readonly run: string
  /** decisions that this call recorded */
  readonly recorded: number
  /** over everybody's decisions: that of a run over everybody under these rules */
  readonly digest: string
  /** the plan was applied before: nothing was done */
  readonly alreadyApplied: boolean
  /** an earlier call was cut off, and this one went on */
  readonly resumed: boolean
}

/**
 * Writes what a plan says. It is claimed by RunStarted at the very revision that it is bound to; then its rules come into
 * force, so that whatever is decided from there on is decided by them; then its persons. Cut off anywhere, it goes on when
 * called again. Throws PLAN_STALE, INTERRUPTED, and what loading an index says.
 */
export const applyPlan = async (
  deps: Workplace,
  plan: PlanFile,
  loadIndex: LoadIndex,
  options: ApplyOptions,
): Promise<Applied> => {
  await deps.catchUp()
  const { tenant } = deps
  const runId = derivedUuid('rematch', tenant, plan.plan)
  const before = await findRun(deps, runId)
  if (before?.digest != null) {
    return { run: runId, recorded: 0, digest: before.digest, alreadyApplied: true, resumed: false }
  }
  const moved = before === undefined ? await movedSince(deps, plan.head) : await movedOn(deps, plan.head)
  if (moved.length > 0) throw stale(plan.plan, moved)
  const ours: Workplace = { ...deps, meta: () => deps.meta(runId) }
  const rules = await rulesOf(ours, plan.head, loadIndex)
  const stream = ledgerStream(tenant)
  const { onProgress: _, ...limits } = options
  const run = newRun({
    deps,
    rules,
    options: { ...limits, kind: 'rematch' },
    runId,
    stream,
    revision: before === undefined ? await claim(ours, plan, runId) : plan.head.bound.ledger + 1,
  })
  await adoptRules(ours, plan.head.to)
  await writePersons(run, plan, options)
  await noteEverybody(run)
  const { digest } = await complete(run)
  return { run: runId, recorded: run.recorded, digest, alreadyApplied: false, resumed: before !== undefined }
}

/** Rules of a plan that is under way: those it came from, those it goes to, or a mixture; anything else is somebody's own. */
const movedOn = async (deps: Workplace, { bound, from, to }: Head): Promise<readonly string[]> => {
  const now = await namesInForce(deps)
  const among = <K extends keyof typeof now>(key: K) =>
    JSON.stringify(now[key]) === JSON.stringify(to[key]) ? { [key]: from[key] } : {}
  const rules = rulesMoved({ ...now, ...among('threshold'), ...among('ruleset'), ...among('voterFiles') }, from)
  return [...engineMoved(bound), ...(await withdrawnAmong(deps, to)), ...rules]
}

const rulesOf = async (deps: Workplace, { to }: Head, loadIndex: LoadIndex): Promise<RulesInForce> => {
  const indexes: LoadedIndex[] = []
  for (const ref of to.voterFiles) indexes.push(await loadIndex(ref))
  const { ruleset, hash } = await publishRuleset(deps, (await findRuleset(deps, to.ruleset)).ruleset)
  return { ruleset, rulesetHash: hash, threshold: to.threshold, voterFiles: to.voterFiles, indexes }
}

/** Records that the plan is being applied, at the revision that it is bound to; answers the ledger's revision then. */
const claim = async (deps: Workplace, { plan, head }: PlanFile, runId: string): Promise<number> => {
  const { tenant } = deps
  const { to, bound } = head
  const stream = ledgerStream(tenant)
  const started: DomainEvent = {
    id: eventIdOf(stream, runId),
    type: 'RunStarted',
    v: 1,
    meta: deps.meta(runId),
    data: {
      tenant,
      runId,
      kind: 'rematch',
      ruleset: to.ruleset,
      threshold: to.threshold,
      voterFiles: to.voterFiles,
      persons: await countPersons(deps),
      ledgerRevision: bound.ledger,
    },
  }
  try {
    return (await deps.recorder.record(stream, [started], bound.ledger)).revision
  } catch (error) {
    if (!isAppError(error) || error.code !== 'WRONG_REVISION') throw error
    throw stale(plan, await movedSince(deps, head))
  }
}

const countPersons = async ({ db, tenant }: Workplace): Promise<number> => {
  const sql = `select count(*)::int as persons from matchbook.person where tenant = $1`
  const [row] = await orThrow(db.query<{ persons: number }>(sql, [tenant]))
  return row?.persons ?? 0
}

const batchSize = 1_000

/** Writes the plan's persons, but for those who have it already, and decides again whom others touched meanwhile. */
const writePersons = async (run: Run, plan: PlanFile, { onProgress }: ApplyOptions): Promise<void> => {
  const touched = await takeInOthers(run)
  const ledger = ledgerWriter(run, touched)
  const again = new Set<string>()
  const { changed } = await summaryOf(plan.file)
  let batch: (Change | ReopenedVerdict)[] = []
  let done = 0
  const write = async (): Promise<void> => {
    for (const id of await writeBatch(run, batch, ledger)) again.add(id)
    onProgress?.((done += batch.length), changed)
    batch = []
  }
  for await (const line of plan.lines()) {
    if (line.kind === 'summary' || line.kind === 'kept') continue
    batch.push(line)
    if (batch.length === batchSize) await write()
  }
  await write()
  for (const id of [...(await ledger.flush()), ...touched.persons]) again.add(id)
  await decideAgain(run, again)
}

/** Answers whose data has changed while the plan was cut off: what it says of them is not written. */
const writeBatch = async (
  run: Run,
  batch: readonly (Change | ReopenedVerdict)[],
  ledger: LedgerWriter,
): Promise<readonly string[]> => {
  const now = await standNow(run, batch)
  const moved: string[] = []
  for (const line of batch) {
    const inForce = now.get(line.personId)
    if (line.kind === 'reopened') {
      const before = inForce?.entry?.reopened
      const { personId, reopens } = line
      const isOpen = before?.inputVersion === reopens.inputVersion && before.voterVersion === reopens.voterVersion
      if (!isOpen) await ledger.reopen({ tenant: run.deps.tenant, personId, ...reopens })
      continue
    }
    if (inForce?.version !== line.inputVersion) {
      moved.push(line.personId)
      continue
    }
    const conclusion = conclusionOf(run.rules, line)
    const isInForce = inForce.considered === line.inputVersion && inForce.sha?.equals(conclusion.sha) === true
    if (!isInForce) await ledger.conclude(conclusion)
  }
  return moved
}

const conclusionOf = ({ indexes }: RulesInForce, { personId, inputVersion, after }: Change): Conclusion => {
  const version = after.outcome === 'linked' ? versionOf(indexes, after.state!, after.svid!) : undefined
  return {
    personId,
    inputVersion,
    decision: after,
    ...(version === undefined ? {} : { voterVersion: version }),
    sha: decisionSha(after, version),
    changed: true,
  }
}

const versionOf = (indexes: readonly LoadedIndex[], state: string, svid: string): string => {
  const { index } = indexes.find((one) => one.index.state === state)!
  return voterVersion(index, rowOfSvid(index, svid))
}
