import * as t from 'io-ts'
import { Count, Sha256, StateCode } from '../../../events/primitives.js'

const Counts = t.record(t.string, Count)

/** What a voter file has to do with one decision: the candidates, and how frequent the contacts' values are in it. */
export const FileEvidence = t.type({
  state: StateCode,
  voterFile: Sha256,
  /** voters in the file */
  voters: Count,
  /** SVIDs of the candidates, in the order of the file */
  candidates: t.array(t.string),
  /** column → voters without a value */
  missing: Counts,
  /** column → value → voters that have it; the values that the contacts give or imply, if a voter has them */
  counts: t.record(t.string, Counts),
  /** voters at the contacts' addresses: in the contact's ZIP, or (null) in all other ZIPs */
  addresses: t.array(t.type({ number: t.string, street: t.string, zip: t.union([t.string, t.null]), voters: Count })),
})
export type FileEvidence = t.TypeOf<typeof FileEvidence>

/** What one decision rests on beside the person's contacts, the rules and the candidates' rows. */
export const Evidence = t.type({
  /** of the MatchDecided */
  position: Count,
  files: t.array(FileEvidence),
  /** odds of all candidates together that are not listed: nobody's names, one number */
  unlisted: t.number,
  /** pairs that were compared; under tiers, candidates at the deciding key */
  compared: Count,
})
export type Evidence = t.TypeOf<typeof Evidence>

/** A voter's row as the register gave it. */
export const VoterRow = t.type({
  state: StateCode,
  voterFile: Sha256,
  svid: t.string,
  row: t.record(t.string, t.string),
})
export type VoterRow = t.TypeOf<typeof VoterRow>
