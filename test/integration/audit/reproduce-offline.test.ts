import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson, type Json } from '../../../events/canonical-json.js'
import { placed } from '../../../projections/read-events.js'
import type { VoterRow } from '../../../src/audit/bundle/evidence.js'
import { evidenceIndex } from '../../../src/audit/bundle/evidence-index.js'
import { gatherEvidence } from '../../../src/audit/bundle/gather-evidence.js'
import { personOf, reproduceDecision } from '../../../src/audit/bundle/reproduce-decision.js'
import { storyOf } from '../../../src/audit/bundle/story.js'
import { orThrow } from '../../../src/errors.js'
import { textColumns, textOf } from '../../../src/match/voter-index.js'
import { voterVersion } from '../../../src/match/voter-version.js'
import { setSetting } from '../../../src/rules/settings.js'
import { recordVerdict } from '../../../src/runs/record-verdict.js'
import { runMatch } from '../../../src/runs/run-match.js'
import { artifactPath } from '../../../src/voters/artifact.js'
import { readVoters } from '../../../src/voters/read-voters.js'
import { voterValues } from '../../../src/voters/voter-values.js'
import { type ProvedPlace, provedPlace } from './proved-place.js'

let proved: ProvedPlace

beforeAll(async () => {
  proved = await provedPlace(6_000, 1_500)
}, 240_000)
afterAll(() => proved.drop())

const allRows = async (): Promise<readonly VoterRow[]> => {
  const { indexes, voterFiles } = await proved.rules()
  const [ref] = voterFiles
  const { index } = indexes[0]!
  const svids = Array.from({ length: index.voters }, (_, row) => textOf(index.svids, row + 1))
  const rows = await orThrow(readVoters(artifactPath(proved.dataDir, ref!), svids))
  return svids.map((svid) => ({ ...ref!, svid, row: rows.get(svid)! }))
}

/** Decides every decision of the ledger again, each from what a bundle would carry of it. */
const decideAgain = async (): Promise<{ readonly decisions: number; readonly differing: readonly string[] }> => {
  const { place } = proved
  const events = []
  for await (const batch of place.store.readAll()) events.push(...batch.map(placed))
  const rules = await proved.rules()
  const index = rules.indexes[0]!.index
  const rows = new Map((await allRows()).map((row) => [row.svid, row]))
  const byPerson = new Map<string, typeof events>()
  for (const one of events) {
    const { data } = one.event
    if ('personId' in data) byPerson.set(data.personId, [...(byPerson.get(data.personId) ?? []), one])
  }
  const differing: string[] = []
  let decisions = 0
  for (const [personId, own] of byPerson) {
    for (const decision of storyOf(personId, own)!.decisions) {
      const { event, contacts, excluded, position } = decision
      if (event.data.ruleset !== rules.rulesetHash) continue
      decisions++
      const person = personOf(contacts!, excluded)
      const { ruleset } = rules
      const evidence = gatherEvidence(position, { person, indexes: [index], ruleset, threshold: event.data.threshold })
      const candidates = evidence.files[0]!.candidates.map((svid) => rows.get(svid)!)
      const again = reproduceDecision(decision, contacts!, ruleset, evidence, candidates)
      const texts = [event.data.decision, again.decision].map((one) => canonicalJson(one as unknown as Json))
      if (texts[0] !== texts[1]) differing.push(`${texts[0]}\n${texts[1]}\n${JSON.stringify(contacts)}`)
      if (again.voterVersion !== event.data.voterVersion) differing.push(`voter of ${texts[0]}`)
    }
  }
  return { decisions, differing }
}

describe('a decision, decided again from what a bundle carries', () => {
  it('a voter’s row is normalised as the index has it', async () => {
    const { index } = (await proved.rules()).indexes[0]!
    const all = await allRows()
    all.forEach(({ row }, at) => {
      const { texts, birthDate } = voterValues(row)
      const indexed = textColumns.map((name) => textOf(index.vocabularies[name], index.columns[name][at]!))
      expect(textColumns.map((name) => texts[name])).toEqual(indexed)
      expect(birthDate).toBe(index.birthDate[at])
    })
  })

  it('is the same under the standard rules, with verdicts in between', async () => {
    const { place } = proved
    await runMatch(place, await proved.rules(), { kind: 'match', threads: 1 })
    const rows = await orThrow(
      place.db.query<{ person_id: string }>(
        `select person_id from matchbook.book where outcome in ('linked', 'review') limit 25`,
      ),
    )
    for (const { person_id: personId } of rows) {
      await recordVerdict(place, await proved.rules(), { kind: 'reject', personId, user: 'ann' })
    }
    const { decisions, differing } = await decideAgain()
    expect(differing).toEqual([])
    expect(decisions).toBeGreaterThan(1_000)
  }, 240_000)

  it('is the same under tiers', async () => {
    await setSetting(proved.place, 'match.ruleset', 'simple')
    await runMatch(proved.place, await proved.rules(), { kind: 'match_all', threads: 1 })
    const { decisions, differing } = await decideAgain()
    expect(differing).toEqual([])
    expect(decisions).toBeGreaterThan(500)
  }, 240_000)

  it('the index of the evidence has the very voters', async () => {
    const { indexes, voterFiles } = await proved.rules()
    const { index } = indexes[0]!
    const rows = (await allRows()).slice(100, 104)
    const none = { missing: {}, counts: {}, addresses: [], voters: index.voters }
    const built = evidenceIndex({ ...voterFiles[0]!, ...none, candidates: rows.map(({ svid }) => svid) }, rows)
    expect(rows.map((_, row) => voterVersion(built.index, row))).toEqual(
      rows.map((_, row) => voterVersion(index, 100 + row)),
    )
  })
})
