import type { VoterFileRef } from '../../events/matchbook.js'
import { orThrow } from '../errors.js'
import type { Client } from '../postgres/connect.js'
import type { LoadIndex } from '../rules/rules-in-force.js'
import type { OpenMatcher } from '../runs/match-pool.js'
import type { LoadedIndex } from '../voters/load-index.js'
import type { Workplace } from '../workplace.js'
import { boundNow } from './bound.js'
import { changesOf } from './changes.js'
import { type Deciding, decideEverybody } from './decide-everybody.js'
import type { Head, Summary } from './plan.js'
import { type PlanWriter, planWriter } from './plan-file.js'
import { planRules, type RuleChange } from './plan-rules.js'
import { everybody, type Shortcut, shortcutTo } from './shortcut.js'
import { summariser } from './summarise.js'
import { tally } from './tally.js'
import { verdictLines } from './verdicts.js'

export interface PlanOptions {
  readonly dataDir: string
  /** matches everybody, whatever would be shorter: the same plan, more slowly */
  readonly path?: 'shortest' | 'everybody'
  readonly threads?: number
  /** who matches; this process unless given */
  readonly openMatcher?: OpenMatcher
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, persons: number) => void
}

export interface Planned {
  readonly plan: string
  readonly file: string
  readonly head: Head
  readonly summary: Summary
  readonly path: Shortcut['path']
}

/**
 * Finds what other rules would change, and writes it down as a plan; changes nothing. Throws what `planRules` says, what
 * loading an index says, and INTERRUPTED.
 */
export const makePlan = async (
  deps: Workplace,
  change: RuleChange,
  loadIndex: LoadIndex,
  options: PlanOptions,
): Promise<Planned> => {
  await deps.catchUp()
  // read first: whatever comes in while the plan is made, makes it stale
  const bound = await boundNow(deps)
  const { from, to, ruleset } = await planRules(deps, change)
  const head: Head = {
    kind: 'rematch',
    v: 1,
    tenant: deps.tenant,
    from: { ...from, voterFiles: [...from.voterFiles] },
    to: { ...to, voterFiles: [...to.voterFiles] },
    bound,
  }
  const load = loadOnce(to.voterFiles, loadIndex)
  const shortcut = options.path === 'everybody' ? everybody : await shortcutTo(deps, to, ruleset, load)
  const { signal, threads, openMatcher } = options
  const deciding: Deciding = {
    tenant: deps.tenant,
    ruleset,
    threshold: to.threshold,
    shortcut,
    indexes: () => Promise.all(to.voterFiles.map(load)),
    tally: tally(),
    ...(threads === undefined ? {} : { threads }),
    ...(openMatcher === undefined ? {} : { openMatcher }),
    ...(signal === undefined ? {} : { signal }),
    onPerson: await progressOf(deps, options),
  }
  const writer = await planWriter(options.dataDir, head)
  try {
    const summary = await orThrow(deps.db.transaction((client) => writeLines(client, deciding, writer)))
    await writer.write(summary)
    return { ...(await writer.close()), head, summary, path: shortcut.path }
  } catch (error) {
    await writer.discard()
    throw error
  }
}

/** All of a plan but its head; everything is read from one snapshot. */
const writeLines = async (client: Client, deciding: Deciding, writer: PlanWriter): Promise<Summary> => {
  await client.query('set transaction isolation level repeatable read')
  const all = await decideEverybody(client, deciding)
  const { ruleset, threshold, tenant } = deciding
  const summary = summariser()
  const isMatched = all.places.length > 0 || all.judged.length > 0
  const loaded = isMatched ? await deciding.indexes() : []
  for await (const line of verdictLines(client, tenant, all.judged, { ruleset, threshold }, loaded)) {
    summary.take(line)
    await writer.write(line)
  }
  const indexes = loaded.map(({ index }) => index)
  for await (const line of changesOf(client, all, { tenant, ruleset, threshold, indexes }, deciding.tally)) {
    summary.take(line)
    await writer.write(line)
  }
  return summary.settle(deciding.tally, { kept: all.judged.length, rejections: all.rejections })
}

/** Loads the indexes of the files that a plan goes to once, whoever asks; the others each time, as they are looked at once. */
const loadOnce = (files: readonly VoterFileRef[], loadIndex: LoadIndex): LoadIndex => {
  const loading = new Map<string, Promise<LoadedIndex>>()
  return (ref) => {
    const known = loading.get(ref.voterFile) ?? loadIndex(ref)
    if (files.some(({ voterFile }) => voterFile === ref.voterFile)) loading.set(ref.voterFile, known)
    return known
  }
}

const progressOf = async ({ db, tenant }: Workplace, { onProgress }: PlanOptions): Promise<(more: number) => void> => {
  const [known] = await orThrow(
    db.query<{ persons: number }>(
      `select coalesce(sum(new_persons), 0)::int8 as persons from matchbook.import_batch where tenant = $1`,
      [tenant],
    ),
  )
  let done = 0
  return (more) => onProgress?.((done += more), known?.persons ?? 0)
}
