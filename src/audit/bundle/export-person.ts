import { canonicalJson, type Json } from '../../../events/canonical-json.js'
import type { StoredEvent } from '../../store/event-store.js'
import { type MerkleLevels, merkleLevels } from '../merkle-levels.js'
import { type HeadFile, proveTree } from '../signed-head.js'
import { type GatherDeps, gatherPerson } from './gather-person.js'
import { eventsName, evidenceName, type Proofs, pageName, proofsName, rulesetName, votersName } from './manifest.js'
import { personPage } from './page.js'
import { withholdOthers } from './withhold.js'
import type { ZippedFile, ZipWriter } from './zip.js'

export const jsonText = (value: unknown): string => canonicalJson(value as Json)

/** Adds everything of one person to a bundle, and answers what was added. */
export const addPerson = async (
  zip: ZipWriter,
  deps: GatherDeps,
  file: HeadFile,
  personId: string,
): Promise<{ readonly files: readonly ZippedFile[]; readonly events: number; readonly pid: string }> => {
  // what was written after the head was signed is not in it
  const { stored, story, rulesets, evidence, rows } = await gatherPerson(deps, personId, file.head.position)
  const page = personPage({ story, head: file.head, rulesets, evidence, rows })
  const files: ZippedFile[] = []
  const add = async (name: string, text: string): Promise<void> => {
    files.push(await zip.add(name, [text]))
  }
  await add(pageName, page)
  await add(eventsName, stored.map((event) => `${jsonText(withholdOthers(event))}\n`).join(''))
  await add(proofsName, jsonText(await proofsOf(deps, file, stored)))
  for (const [hash, ruleset] of rulesets) await add(rulesetName(hash), jsonText(ruleset))
  await add(votersName, jsonText(rows))
  await add(evidenceName, jsonText(evidence))
  return { files, events: stored.length, pid: story.pid }
}

/** Paths of some events, with one reading of each stream's hashes. */
const proofsOf = async ({ store }: GatherDeps, file: HeadFile, stored: readonly StoredEvent[]): Promise<Proofs> => {
  const trees: Proofs['trees'] = []
  const levels = new Map<string, MerkleLevels>()
  for (const stream of new Set(stored.map((event) => event.stream))) {
    const proof = await proveTree(file, stream)
    trees.push(proof)
    const { size } = proof.tree
    levels.set(stream, await merkleLevels(store.readHashes(stream, { to: size - 1 }), size))
  }
  return {
    trees,
    events: stored.map(({ stream, revision, position }) => ({
      position,
      path: levels
        .get(stream)!
        .path(revision)
        .map((hash) => hash.toString('hex')),
    })),
    stretches: [],
  }
}
