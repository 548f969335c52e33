import { ledgerStream } from '../../../events/streams.js'
import { engineVersion } from '../../engine.js'
import { appError, orThrow } from '../../errors.js'
import { findRuleset } from '../../rules/rulesets.js'
import type { HeadFile } from '../signed-head.js'
import type { SigningKey } from '../signing-key.js'
import { addPerson, jsonText } from './export-person.js'
import { addStretches, type Stretch, tenantStretches } from './export-stretches.js'
import type { GatherDeps } from './gather-person.js'
import { type Manifest, manifestName, type Scope, signatureName } from './manifest.js'
import { writeZip, type ZippedFile, type ZipWriter } from './zip.js'

/** Whose history: one person's, by id; one run's; the tenant's. */
export type Wanted =
  | { readonly kind: 'person'; readonly personId: string }
  | { readonly kind: 'run'; readonly run: string }
  | { readonly kind: 'tenant' }

interface ExportDeps extends GatherDeps {
  readonly head: HeadFile
  readonly key: SigningKey
  readonly signal?: AbortSignal
}

export interface ExportedBundle {
  readonly file: string
  readonly scope: Scope
  readonly events: number
  readonly files: number
  readonly key: string
}

/** Writes a bundle: the same history under the same head is the same file, byte for byte. Throws PERSON_NOT_FOUND, DISK_FULL, INTERRUPTED. */
export const exportBundle = async (deps: ExportDeps, file: string, wanted: Wanted): Promise<ExportedBundle> => {
  const { head, key } = deps
  let result: ExportedBundle | undefined
  await writeZip(file, async (zip) => {
    const { scope, events, files } = await fill(zip, deps, wanted)
    const manifest: Manifest = {
      ...{ kind: 'matchbook bundle', format: 1, engine: engineVersion, scope, events },
      head: head.head,
      files: [...files],
    }
    const text = jsonText(manifest)
    await zip.add(manifestName, [text])
    await zip.add(signatureName, [key.sign(text)])
    result = { file, scope, events, files: files.length + 2, key: key.keyId }
  })
  return result!
}

interface Filled {
  readonly scope: Scope
  readonly events: number
  readonly files: readonly ZippedFile[]
}

const fill = async (zip: ZipWriter, deps: ExportDeps, wanted: Wanted): Promise<Filled> => {
  const { head, tenant } = deps
  if (wanted.kind === 'person') {
    const { files, events, pid } = await addPerson(zip, deps, head, wanted.personId)
    return { files, events, scope: { kind: 'person', tenant, personId: wanted.personId, pid } }
  }
  const scope: Scope = wanted.kind === 'run' ? { kind: 'run', tenant, run: wanted.run } : { kind: 'tenant', tenant }
  const stretches = wanted.kind === 'run' ? [await runStretch(deps, wanted.run)] : tenantStretches(head)
  return { scope, ...(await addStretches(zip, deps, head, scope, stretches, await usedRulesets(deps, wanted))) }
}

/** From RunStarted to RunCompleted, verdicts that came in between among them. */
const runStretch = async ({ db, store, tenant }: ExportDeps, run: string): Promise<Stretch> => {
  const [found] = await orThrow(
    db.query<{ started_position: number; completed_position: number | null }>(
      `select started_position, completed_position from matchbook.run where tenant = $1 and run_id::text = $2`,
      [tenant, run],
    ),
  )
  if (found?.completed_position == null) {
    throw appError('RUN_NOT_FOUND', `tenant ${tenant} has no completed run ${run}`, { run })
  }
  const [started, completed] = await orThrow(store.readEvents([found.started_position, found.completed_position]))
  return { stream: ledgerStream(tenant), from: started!.revision, to: completed!.revision + 1 }
}

const usedRulesets = async (deps: ExportDeps, wanted: Wanted): Promise<ReadonlyMap<string, unknown>> => {
  const { db, tenant } = deps
  const used = await orThrow(
    db.query<{ ruleset: string }>(
      `select distinct ruleset from matchbook.run where tenant = $1 and ($2::text is null or run_id::text = $2)`,
      [tenant, wanted.kind === 'run' ? wanted.run : null],
    ),
  )
  const found = new Map<string, unknown>()
  for (const { ruleset: hash } of used) found.set(hash, (await findRuleset(deps, hash)).ruleset)
  return found
}
