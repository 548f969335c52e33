import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventIdOf } from '../../../events/ids.js'
import { rulesetStream } from '../../../events/streams.js'
import { orThrow } from '../../../src/errors.js'
import { shippedStandard } from '../../../src/match/standard/standard-ruleset.js'
import { findRuleset, listRulesets, publishOwnRuleset, publishRuleset } from '../../../src/rules/rulesets.js'
import { type TestWorkplace, workplaceForTests } from '../../servers/workplace.js'

let place: TestWorkplace
beforeAll(async () => {
  place = await workplaceForTests()
}, 60_000)
afterAll(() => place.drop())

describe('published rulesets', () => {
  it('are recorded once, however often they are published', async () => {
    const mine = { ...shippedStandard, name: 'mine' }
    const first = await publishOwnRuleset(place, mine)
    expect(await publishOwnRuleset(place, mine)).toEqual(first)
    expect(await orThrow(place.store.revision(rulesetStream(place.tenant)))).toBe(0)
    expect(await findRuleset(place, 'mine')).toEqual(first)
  })

  it('of a name that ships are those that ship', async () => {
    const other = { ...shippedStandard, margin: 0.3 }
    await expect(publishOwnRuleset(place, other)).rejects.toMatchObject({ code: 'BAD_RULESET' })
    expect(await publishOwnRuleset(place, shippedStandard)).toEqual(await findRuleset(place, 'standard'))
  })

  it('that can no longer be matched by are refused when they are read back, and hide no other', async () => {
    const stream = rulesetStream(place.tenant)
    const revision = await orThrow(place.store.revision(stream))
    const hash = 'b'.repeat(64)
    const id = eventIdOf(stream, hash)
    const data = { tenant: place.tenant, hash, name: 'bad', ruleset: { ...shippedStandard, name: 'bad', margin: 7 } }
    await place.recorder.record(stream, [{ id, type: 'RulesetPublished', v: 1, meta: place.meta(id), data }], revision)
    await place.catchUp()
    await expect(findRuleset(place, 'bad')).rejects.toMatchObject({
      code: 'BAD_RULESET',
      message: expect.stringMatching(/^the stored ruleset bad \(b{12}\) is not a ruleset: margin: 7 /),
    })
    expect((await listRulesets(place)).map(({ name }) => name)).toContain('bad')
    expect(await findRuleset(place, 'mine')).toMatchObject({ name: 'mine' })
  })

  it('of the newest of a name are found by it, older ones by hash', async () => {
    const first = await publishRuleset(place, { ...shippedStandard, name: 'twice' })
    const second = await publishRuleset(place, { ...shippedStandard, name: 'twice', margin: 0.2 })
    expect(await findRuleset(place, 'twice')).toEqual(second)
    expect(await findRuleset(place, first.hash.slice(0, 8))).toEqual(first)
  })
})
