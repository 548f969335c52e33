import * as t from 'io-ts'
import { Count, Pid, Sha256, Tenant, Uuid } from '../../../events/primitives.js'
import { SignedHead, TreeProof } from '../signed-head.js'

/** What a bundle is of. */
export const Scope = t.union([
  t.type({ kind: t.literal('person'), tenant: Tenant, personId: Uuid, pid: Pid }),
  t.type({ kind: t.literal('run'), tenant: Tenant, run: Uuid }),
  t.type({ kind: t.literal('tenant'), tenant: Tenant }),
])
export type Scope = t.TypeOf<typeof Scope>

/** Names every other file of a bundle by its hash; its own text is what is signed. */
export const Manifest = t.type({
  kind: t.literal('matchbook bundle'),
  format: t.literal(1),
  /** version of matching and deciding that the bundle was made by */
  engine: t.string,
  scope: Scope,
  head: SignedHead,
  events: Count,
  files: t.array(t.type({ name: t.string, size: Count, sha256: Sha256 })),
})
export type Manifest = t.TypeOf<typeof Manifest>

export const manifestName = 'manifest.json'
export const signatureName = 'manifest.sig'
export const eventsName = 'events.jsonl'
export const proofsName = 'proofs.json'
export const votersName = 'voters.json'
export const evidenceName = 'evidence.json'
export const pageName = 'index.html'
export const rulesetName = (hash: string): string => `rulesets/${hash}.json`
export const isRulesetName = (name: string): boolean => /^rulesets\/[0-9a-f]{64}\.json$/.test(name)

/** A line of `events.jsonl`. `withheld`: paths whose value names another person and was taken out; see withhold.ts. */
export const BundledEvent = t.intersection([
  t.type({ stream: t.string, revision: Count, position: Count, sha256: Sha256, body: t.string }),
  t.partial({ withheld: t.array(t.string) }),
])
export type BundledEvent = t.TypeOf<typeof BundledEvent>

/** How the events are proved to be in the head's trees: each by its path, or a stretch of a stream as a whole. */
export const Proofs = t.type({
  trees: t.array(TreeProof),
  events: t.array(t.type({ position: Count, path: t.array(Sha256) })),
  /** the tree before its first event, and the proof that the tree behind its last is the beginning of the head's */
  stretches: t.array(t.type({ stream: t.string, frontier: t.string, events: Count, path: t.array(Sha256) })),
})
export type Proofs = t.TypeOf<typeof Proofs>
