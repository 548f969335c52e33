import { canonicalJson, type Json } from '../../events/canonical-json.js'
import type { Decision } from '../../events/matchbook.js'
import { sha256 } from '../../events/sha256.js'

/** SHA-256 of a decision and the linked voter's data: equal exactly when a run has nothing new to record. */
export const decisionSha = (decision: Decision, voterVersion?: string): Buffer =>
  decisionTextSha(canonicalJson(decision as unknown as Json), voterVersion)

/** As `decisionSha`, for who has the decision's canonical JSON at hand: the hash of `{"decision":…,"voterVersion":…}`. */
export const decisionTextSha = (decision: string, voterVersion?: string): Buffer => {
  const version = voterVersion === undefined ? '' : `,"voterVersion":${canonicalJson(voterVersion)}`
  return sha256(`{"decision":${decision}${version}}`)
}
