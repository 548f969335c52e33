import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cli, createCli } from './run-cli.js'

let cli: Cli
let pid: string

/** Two voters that nothing tells apart, so that a contact of that name waits for a human. */
const publish = async (birthDate: string): Promise<void> => {
  const file = join(cli.dataDir, 'twins.csv')
  const twin = `Ann,Lee,${birthDate},12 Oak St,Macon,GA,31201`
  await writeFile(file, `svid,first_name,last_name,birth_date,address1,city,state,zip\n1,${twin}\n2,${twin}\n`)
  await cli.json('voters', 'publish', file, '--state', 'GA')
}

beforeAll(async () => {
  cli = await createCli()
  // its fixed scores say which person waits for a human
  await cli.json('settings', 'set', 'match.ruleset', 'simple')
  await publish('1970-03-04')
  const list = join(cli.dataDir, 'list.csv')
  await writeFile(list, 'First Name,Last Name,Address,City,State,ZIP\nAnn,Lee,12 Oak St,Macon,GA,31201\n')
  await cli.json('import', list)
  const [waiting] = await cli.json<readonly { pid: string }[]>('review', 'list')
  pid = waiting!.pid
})
afterAll(() => cli.drop())

describe('a human on second thoughts', () => {
  it('is told when unlinking one voter links another', async () => {
    const linked = await cli.run('link', pid, 'GA:1')
    expect(linked.stdout).not.toContain('instead')
    const unlinked = await cli.run('unlink', pid)
    expect(unlinked.stdout).toContain(`${pid} is now linked to GA:2 instead of GA:1`)
    expect(await cli.json('person', pid)).toMatchObject({ link: { svid: '2', verified_by: null } })
  })
})

describe('a run of everybody', () => {
  it('says how many stand by a human and are in none of its counts', async () => {
    expect((await cli.run('match', '--all')).stdout).not.toContain('verdict')
    await cli.json('verify', pid)
    expect(await cli.json('match', '--all')).toMatchObject({ persons: 0, linked: 0, pinned: 1 })
    expect((await cli.run('match', '--all')).stdout).toContain("besides, 1 stand by a human's verdict")
  })
})

describe('a verdict whose data has changed', () => {
  it('comes back with its earlier evidence marked as such', async () => {
    expect((await cli.run('person', pid)).stdout).not.toContain('reopened')
    await publish('1970-03-05')
    await cli.json('match', '--all')
    const why = "before it was reopened (the voter's data has changed)"
    for (const command of [
      ['person', pid],
      ['explain', pid],
      ['review', 'list'],
    ]) {
      expect((await cli.run(...command)).stdout).toContain(why)
    }
    expect(await cli.json('person', pid)).toMatchObject({ reopened: { why: 'voter_changed' } })
    expect(await cli.json('review', 'list')).toMatchObject([{ pid, reopened: 'voter_changed' }])
    await cli.json('verify', pid)
    expect(await cli.json('person', pid)).toMatchObject({ reopened: null })
    expect((await cli.run('person', pid)).stdout).not.toContain('reopened')
  })
})
