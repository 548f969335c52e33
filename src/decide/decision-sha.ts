import { canonicalJson, type Json } from '../../events/canonical-json.js'
import type { Decision } from '../../events/matchbook.js'
import { sha256 } from '../../events/sha256.js'

interface Written {
  readonly text: string
  readonly voterVersion: string | undefined
  readonly sha: Buffer
}

/** A run hashes each decision before it records it, and the projector again when it folds the very same object. */
const written = new WeakMap<Decision, Written>()

const write = (decision: Decision, voterVersion: string | undefined): Written => {
  const known = written.get(decision)
  if (known !== undefined && known.voterVersion === voterVersion) return known
  const text = canonicalJson(decision as unknown as Json)
  const version = voterVersion === undefined ? '' : `,"voterVersion":${canonicalJson(voterVersion)}`
  const fresh = { text, voterVersion, sha: sha256(`{"decision":${text}${version}}`) }
  written.set(decision, fresh)
  return fresh
}

/** SHA-256 of a decision and the linked voter's data: equal exactly when a run has nothing new to record. */
export const decisionSha = (decision: Decision, voterVersion?: string): Buffer => write(decision, voterVersion).sha

/** The canonical JSON that `decisionSha` hashed. */
export const decisionText = (decision: Decision, voterVersion?: string): string => write(decision, voterVersion).text
