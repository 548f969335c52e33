import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import { generate } from '../../../src/generate/generate.js'
import { importList } from '../../../src/lists/import-list.js'
import { openList } from '../../../src/lists/open-list.js'
import { findRuleset, listRulesets } from '../../../src/rules/rulesets.js'
import { type TrainRequest, trainRuleset } from '../../../src/rules/train-ruleset.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'
import { recordPublication } from '../../../src/voters/record-publication.js'
import type { Workplace } from '../../../src/workplace.js'
import { type TestWorkplace, workplaceForTests } from '../../servers/workplace.js'

let folder: string
let place: TestWorkplace

const train = (deps: Workplace, more: Partial<TrainRequest> = {}) =>
  trainRuleset(deps, {
    loadIndex: (ref) => openIndex(join(folder, 'data'), ref, () => undefined),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...more,
  })

const publishVoters = async (state: string): Promise<void> => {
  const request = {
    dataDir: join(folder, 'data'),
    files: [join(folder, 'voters.csv')],
    state,
    format: 'table',
  } as const
  await recordPublication(place, await orThrow(publishVoterFile(request)))
}

const importFor = async (deps: Workplace, name: string): Promise<void> => {
  await importList(deps, await orThrow(openList({ file: join(folder, name) })), {})
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matchbook-train-'))
  place = await workplaceForTests()
  await orThrow(generate({ voters: 3_000, contacts: 900, seed: 3, out: folder, format: 'table' }))
  const lines = (await readFile(join(folder, 'contacts.csv'), 'utf8')).split('\n')
  await writeFile(join(folder, 'few.csv'), `${lines.slice(0, 11).join('\n')}\n`)
}, 60_000)
afterAll(async () => {
  await place.drop()
  await rm(folder, { recursive: true, force: true })
})

describe("learning a ruleset on the tenant's persons", () => {
  it('needs a voter file, persons, and enough of them', async () => {
    await expect(train(place)).rejects.toMatchObject({ code: 'VOTER_FILE_NOT_FOUND' })
    await publishVoters('FL')
    await expect(train(place)).rejects.toMatchObject({ code: 'PERSON_NOT_FOUND' })
    const small = place.forTenant('small')
    await importFor(small, 'few.csv')
    const message = expect.stringMatching(/too few pairs to learn from: \d+ came near each other, .* it takes 50$/)
    await expect(train(small)).rejects.toMatchObject({ code: 'NOTHING_LEARNT', message })
    expect((await listRulesets(small)).map(({ name }) => name)).toEqual(['simple', 'standard'])
  })

  it('gives the same ruleset every time, kept once, which names no person', async () => {
    await importFor(place, 'contacts.csv')
    const trained = await train(place)
    expect(trained).toMatchObject({
      name: expect.stringMatching(/^trained-[0-9a-f]{8}$/),
      contacts: 900,
      voters: 3_000,
    })
    expect(trained.ruleset).toMatchObject({ learntOn: `900 contacts × 3000 voters, FL ${trained.voterFile}` })
    expect(await findRuleset(place, trained.hash)).toMatchObject({ ruleset: trained.ruleset })
    expect(await train(place)).toEqual(trained)
    expect((await listRulesets(place)).filter(({ name }) => name === trained.name)).toHaveLength(1)
  })

  it('lets signals in, and keeps nothing when it is ended', async () => {
    const interrupts = new AbortController()
    let isTold = false
    const onProgress = (): void => {
      // a timer only fires when learning lets it
      if (!isTold) setTimeout(() => interrupts.abort(), 1)
      isTold = true
    }
    const before = await listRulesets(place)
    const ended = train(place, { save: 'never', signal: interrupts.signal, onProgress })
    await expect(ended).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(await listRulesets(place)).toEqual(before)
  })

  it('takes no name of a ruleset that ships', async () => {
    await expect(train(place, { save: 'standard' })).rejects.toMatchObject({ code: 'BAD_RULESET' })
  })

  it('asks for the state where there are several', async () => {
    await publishVoters('GA')
    await expect(train(place)).rejects.toMatchObject({ code: 'BAD_USAGE', message: expect.stringContaining('FL, GA') })
    // only who names no state is looked for there: too few
    await expect(train(place, { state: 'GA' })).rejects.toMatchObject({ code: 'NOTHING_LEARNT' })
    await expect(train(place, { state: 'TX' })).rejects.toMatchObject({ code: 'VOTER_FILE_NOT_FOUND' })
  })
})
