import { tenantOf } from '../../../events/streams.js'
import { appError, orThrow } from '../../errors.js'
import type { EventStore } from '../../store/event-store.js'
import { Frontier } from '../merkle.js'
import { proveConsistency } from '../merkle-proof.js'
import { type HeadFile, proveTree } from '../signed-head.js'
import { jsonText } from './export-person.js'
import { eventsName, type Proofs, pageName, proofsName, rulesetName, type Scope } from './manifest.js'
import { summaryPage } from './page.js'
import { bundled } from './withhold.js'
import type { ZippedFile, ZipWriter } from './zip.js'

/** Events of a stream from one revision up to, not including, another. */
export interface Stretch {
  readonly stream: string
  readonly from: number
  readonly to: number
}

/** The streams of a tenant that a head covers, each whole; those that tenants share hold others' events and are left out. */
export const tenantStretches = ({ trees }: HeadFile): readonly Stretch[] =>
  trees
    .filter(({ stream, size }) => tenantOf(stream) !== undefined && size > 0)
    .map(({ stream, size }) => ({ stream, from: 0, to: size }))

/**
 * Adds stretches of streams to a bundle, event by event as they are read: memory holds a batch, however many there are.
 * Rulesets that are published on the way are added beside.
 */
export const addStretches = async (
  zip: ZipWriter,
  { store, signal }: { readonly store: EventStore; readonly signal?: AbortSignal },
  file: HeadFile,
  scope: Scope,
  stretches: readonly Stretch[],
  rulesets: ReadonlyMap<string, unknown>,
): Promise<{ readonly files: readonly ZippedFile[]; readonly events: number }> => {
  const counts = new Map<string, number>()
  const lines = async function* () {
    for (const { stream, from, to } of stretches) {
      for await (const batch of store.readStream(stream, { from, to: to - 1 })) {
        if (signal?.aborted === true) throw appError('INTERRUPTED', 'interrupted while exporting')
        for (const { type } of batch) counts.set(type, (counts.get(type) ?? 0) + 1)
        yield batch.map((event) => `${jsonText(bundled(event))}\n`).join('')
      }
    }
  }
  const files = [await zip.add(eventsName, lines())]
  files.push(await zip.add(proofsName, [jsonText(await proofsOf(store, file, stretches))]))
  for (const [hash, ruleset] of rulesets) files.push(await zip.add(rulesetName(hash), [jsonText(ruleset)]))
  files.push(await zip.add(pageName, [summaryPage(scope, file.head, counts)]))
  return { files, events: [...counts.values()].reduce((sum, count) => sum + count, 0) }
}

const proofsOf = async (store: EventStore, file: HeadFile, stretches: readonly Stretch[]): Promise<Proofs> => {
  const trees: Proofs['trees'] = []
  const proved: Proofs['stretches'] = []
  for (const { stream, from, to } of stretches) {
    const proof = await proveTree(file, stream)
    const { size } = proof.tree
    if (to > size) throw appError('CHECK_FAILED', `stream ${stream} has ${size} signed events, not ${to}`, { stream })
    trees.push(proof)
    const leaves = store.readHashes(stream, { to: size - 1 })
    const path = to === size ? [] : await orThrow(proveConsistency(leaves, to, size))
    const frontier = await frontierAt(store, stream, from)
    proved.push({ stream, frontier, events: to - from, path: path.map((hash) => hash.toString('hex')) })
  }
  return { trees, events: [], stretches: proved }
}

const frontierAt = async (store: EventStore, stream: string, size: number): Promise<string> => {
  const tree = new Frontier()
  if (size === 0) return tree.serialise()
  for await (const batch of store.readHashes(stream, { to: size - 1 })) {
    for (const { sha256 } of batch) tree.append(sha256)
  }
  return tree.serialise()
}
