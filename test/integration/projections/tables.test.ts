import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createProjector } from '../../../projections/project.js'
import { type Bench, openBench, storeWith } from './harness.js'
import { duplicateAt, inReview, linkedTo, unmatched, World } from './world.js'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())
beforeEach(() => bench.fresh())

const project = async (world: World): Promise<void> => {
  await createProjector({ db: bench.db, store: await storeWith(world.written) }).catchUp()
}

const ann = {
  first_name: 'Ann',
  last_name: 'Lee',
  phone: '+13055550100',
  address1: '1 Main St',
  city: 'Miami',
  zip: '33101',
}

describe('person', () => {
  it('folds the contacts of one person, the newest value that is given winning', async () => {
    const world = new World()
    world.startImport('t', 'rally')
    const person = world.importContact('t', { ...ann, custom: { Shirt: 'M', Diet: 'none' } })
    world.startImport('t', 'online')
    world.importContact(
      't',
      { first_name: 'Ann', last_name: 'Lee-Ray', email: 'ann@example.org', city: 'Tampa', custom: { Shirt: 'L' } },
      person,
    )
    await project(world)
    expect(await bench.rows('select * from matchbook.person')).toMatchObject([
      {
        tenant: 't',
        id: person.id,
        pid: person.pid,
        last_name: 'Lee-Ray',
        cell_phone: '+13055550100',
        email: 'ann@example.org',
        // the second contact gives neither street nor ZIP, so its city does not go with the first one's street
        address1: '1 Main St',
        city: 'Miami',
        import_source: 'rally',
        import_batch_id: 'list-0',
        original_data: { first_name: 'Ann' },
        contacts: [
          { row: 1, source: 'rally' },
          { row: 1, source: 'online', contact: { city: 'Tampa' } },
        ],
      },
    ])
    expect(await bench.rows('select field, value from matchbook.person_custom_field order by 1')).toEqual([
      { field: 'Diet', value: 'none' },
      { field: 'Shirt', value: 'L' },
    ])
  })

  it('takes an address as a whole', async () => {
    const world = new World()
    const person = world.importContact('t', { ...ann, address2: 'Apt 4' })
    world.importContact('t', { zip: '33602' }, person)
    await project(world)
    expect(await bench.rows('select address1, address2, city, zip from matchbook.person')).toEqual([
      { address1: null, address2: null, city: null, zip: '33602' },
    ])
  })

  it('keeps its version when a contact says nothing new', async () => {
    const version = async (): Promise<unknown> =>
      (await bench.rows('select version from matchbook.person'))[0]?.['version']
    const world = new World()
    const person = world.importContact('t', { ...ann, id: '1', custom: { Shirt: 'M' } })
    await project(world)
    const before = await version()
    world.importContact('t', { ...ann, id: '2', custom: { Shirt: 'L' } }, person)
    await project(world)
    expect(await version()).toBe(before)
    expect((await bench.rows('select contacts from matchbook.person'))[0]).toMatchObject({
      contacts: [{ row: 1 }, { row: 2, same: 0 }],
    })
    world.importContact('t', { ...ann, city: 'Tampa' }, person)
    await project(world)
    expect(await version()).not.toBe(before)
  })

  it.each([
    ['1980-02-31', undefined, null, null],
    ['1980-02-29', undefined, '1980-02-29', 1980],
    ['0000-01-01', undefined, null, null],
    [undefined, '1975', null, 1975],
    [undefined, '75', null, null],
  ])('reads birth date %s and year %s as %s and %s', async (date, year, birthDate, birthYear) => {
    const world = new World()
    world.importContact('t', {
      ...ann,
      ...(date === undefined ? {} : { birth_date: date }),
      ...(year === undefined ? {} : { birth_year: year }),
    })
    await project(world)
    expect(await bench.rows('select birth_date, birth_year from matchbook.person')).toEqual([
      { birth_date: birthDate, birth_year: birthYear },
    ])
  })

  it('keeps odd characters, and takes NUL for the replacement character', async () => {
    const world = new World()
    const odd = 'tab\t line\n quote" back\\slash \\u0000 \\N é 漢 😀'
    world.importContact('t', { first_name: odd, last_name: 'a\0b', custom: { ['K\0']: '\0' } })
    await project(world)
    expect(await bench.rows('select first_name, last_name, original_data from matchbook.person')).toEqual([
      { first_name: odd, last_name: 'a\ufffdb', original_data: { first_name: odd, last_name: 'a\ufffdb' } },
    ])
    expect(await bench.rows('select field, value from matchbook.person_custom_field')).toEqual([
      { field: 'K\ufffd', value: '\ufffd' },
    ])
  })

  it('keeps the first person of a key', async () => {
    const world = new World()
    const first = world.importContact('t', ann)
    world.importContact('t', ann)
    await project(world)
    const rows = await bench.rows('select distinct person_id from matchbook.person_key')
    expect(rows).toEqual([{ person_id: first.id }])
  })
})

describe('import_batch', () => {
  it('counts rows, new and known persons, and when the list was done', async () => {
    const world = new World()
    const person = world.importContact('t', ann)
    world.importContact('t', ann, person)
    world.rejectRow('t')
    world.completeImport('t')
    await project(world)
    expect(await bench.rows('select * from matchbook.import_batch')).toMatchObject([
      { imported: 2, rejected: 1, new_persons: 1, known_persons: 1, last_row: 3, completed_at: expect.any(Date) },
    ])
  })
})

describe('book', () => {
  it('shows a link, who made it and on what it rests', async () => {
    const world = new World()
    const person = world.importContact('t', ann)
    world.decide('t', person, linkedTo('007'))
    world.say('t', person, 'MatchVerified', '007')
    await project(world)
    expect(await bench.rows('select * from matchbook.person_voter')).toMatchObject([
      {
        state: 'FL',
        svid: '007',
        match_type: 'name_city',
        match_score: 0.9,
        match_details: { candidates: 2, levels: { last_name: 'exact' }, reason: 'verified' },
        matched_by: 'system',
        verified_by: 'user:ann',
      },
    ])
    expect(await bench.rows('select svid_state, svid from matchbook.person_svid')).toEqual([
      { svid_state: 'FL', svid: '007' },
    ])
    expect(await bench.rows('select event_type, outcome, svid from matchbook.match_history order by position')).toEqual(
      [
        { event_type: 'MatchDecided', outcome: 'linked', svid: '007' },
        { event_type: 'MatchVerified', outcome: 'linked', svid: '007' },
      ],
    )
  })

  it('keeps the time since when a person is in review, until it leaves', async () => {
    const world = new World()
    const person = world.importContact('t', ann)
    world.decide('t', person, inReview('1'))
    const since = world.written.at(-1)!.event.meta.recordedAt
    world.decide('t', person, inReview('2'))
    await project(world)
    world.decide('t', person, inReview('3'))
    await project(world)
    expect(await bench.rows('select svid, score, reason, since from matchbook.review')).toEqual([
      { svid: '3', score: 0.6, reason: 'below_threshold', since: new Date(since) },
    ])
    world.decide('t', person, unmatched)
    await project(world)
    expect(await bench.rows('select * from matchbook.review')).toEqual([])
  })

  it('keeps the link of a verdict that is reopened, and shows it for review', async () => {
    const world = new World()
    const person = world.importContact('t', ann)
    world.say('t', person, 'PersonLinked', '5')
    world.reopen('t', person)
    await project(world)
    expect(await bench.rows('select svid, match_type from matchbook.person_voter')).toEqual([
      { svid: '5', match_type: 'manual' },
    ])
    expect(await bench.rows('select reason, svid from matchbook.review')).toEqual([{ reason: 'reopened', svid: '5' }])
  })
})

describe('pid', () => {
  const canonical = async (): Promise<Record<string, unknown>> =>
    Object.fromEntries(
      (await bench.rows('select pid, canonical_pid from matchbook.pid')).map((row) => [
        row['pid'],
        row['canonical_pid'],
      ]),
    )

  it("is one per voter over all tenants, the earliest, and one's own again after an unlink", async () => {
    const world = new World()
    const first = world.importContact('a', ann)
    const twin = world.importContact('a', { first_name: 'Anne' })
    const other = world.importContact('b', ann)
    world.decide('b', other, linkedTo('7'))
    world.decide('a', first, linkedTo('7'))
    world.decide('a', twin, duplicateAt('7', first.id))
    await project(world)
    expect(await canonical()).toEqual({ [first.pid]: first.pid, [twin.pid]: first.pid, [other.pid]: first.pid })
    world.say('a', first, 'PersonUnlinked', '7')
    await project(world)
    expect(await canonical()).toEqual({ [first.pid]: first.pid, [twin.pid]: twin.pid, [other.pid]: twin.pid })
  })
})

describe('registers', () => {
  it('has one current voter file a state: the newest that is not withdrawn', async () => {
    const world = new World()
    world.publishVoters('FL', 'january')
    world.publishVoters('FL', 'february')
    world.publishVoters('GA', 'georgia')
    const current = async () =>
      (await bench.rows('select source_name from matchbook.voter_file where current order by 1')).map(
        (r) => r['source_name'],
      )
    await project(world)
    expect(await current()).toEqual(['february.txt', 'georgia.txt'])
    world.withdrawVoters('FL', 'february')
    await project(world)
    expect(await current()).toEqual(['georgia.txt', 'january.txt'])
    world.publishVoters('FL', 'february')
    await project(world)
    expect(await current()).toEqual(['february.txt', 'georgia.txt'])
  })

  it('shows settings, rulesets and runs', async () => {
    const world = new World()
    world.set('t', 'match.threshold', 0.8)
    world.set('t', 'match.threshold', 0.9)
    world.set('t', 'note', 'x\0')
    world.set('t', 'gone', 1)
    world.set('t', 'gone', null)
    world.publishRules('t', 'simple')
    world.startRun('t')
    world.completeRun('t')
    await project(world)
    expect(await bench.rows('select key, value, since from matchbook.integration_setting order by key')).toEqual([
      { key: 'match.threshold', value: 0.9, since: 1 },
      { key: 'note', value: 'x\ufffd', since: 2 },
    ])
    expect(await bench.rows('select name, ruleset from matchbook.ruleset')).toEqual([
      { name: 'simple', ruleset: { tiers: [] } },
    ])
    expect(await bench.rows('select kind, linked, completed_position from matchbook.run')).toEqual([
      { kind: 'match', linked: 1, completed_position: 7 },
    ])
  })
})
