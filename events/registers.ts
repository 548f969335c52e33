import * as t from 'io-ts'
import { Count, DateText, Sha256, StateCode, Tenant, Uuid } from './primitives.js'

/** Streams beside lists and ledger: voter files, PIDs, rulesets, settings, sources, segments. */
export const registers = {
  VoterFilePublished: {
    data: t.intersection([
      t.type({
        state: StateCode,
        voterFile: Sha256,
        sourceHash: Sha256,
        rows: Count,
        rejected: Count,
        masked: Count,
        columns: t.array(t.string),
        sourceName: t.string,
        format: t.string,
      }),
      t.partial({ asOf: DateText }),
    ]),
  },
  VoterFileWithdrawn: { data: t.type({ state: StateCode, voterFile: Sha256 }) },
  PidBlockReserved: { data: t.type({ from: Count, count: Count, tenant: Tenant, batch: t.string, block: Count }) },
  RulesetPublished: { data: t.type({ tenant: Tenant, hash: Sha256, name: t.string, ruleset: t.UnknownRecord }) },
  SettingChanged: {
    data: t.type({ tenant: Tenant, key: t.string, value: t.union([t.string, t.number, t.boolean, t.null]) }),
  },
  SourceAdded: {
    data: t.type({
      tenant: Tenant,
      name: t.string,
      kind: t.string,
      hash: Sha256,
      columns: t.array(t.string),
      rows: Count,
    }),
  },
  SegmentDefined: {
    data: t.type({ tenant: Tenant, segmentId: Uuid, name: t.string, question: t.UnknownRecord }),
  },
  SegmentMembersSet: {
    data: t.type({ tenant: Tenant, segmentId: Uuid, hash: Sha256, members: Count }),
  },
}
