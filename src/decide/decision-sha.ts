import { createHash } from 'node:crypto'
import { canonicalJson, type Json } from '../../events/canonical-json.js'
import type { Decision } from '../../events/matchbook.js'

/** SHA-256 of a decision and the linked voter's data: equal exactly when a run has nothing new to record. */
export const decisionSha = (decision: Decision, voterVersion?: string): Buffer =>
  createHash('sha256')
    .update(canonicalJson({ decision, voterVersion } as unknown as Json))
    .digest()
