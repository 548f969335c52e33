import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cli, createCli } from './run-cli.js'

let cli: Cli
let pid: string

const byAnn = /by a human \(user:ann, \d{4}-\d\d-\d\d \d\d:\d\d UTC\)/

/** GA:1 agrees with the list's Ann in name and city, GA:2 with its Ben in the address too. */
const publish = async (annsStreet: string): Promise<void> => {
  const file = join(cli.dataDir, 'voters.csv')
  const ann = `1,Ann,Lee,1970-03-04,${annsStreet},Macon,GA,31201`
  const ben = '2,Ben,Poe,1971-03-04,14 Oak St,Macon,GA,31201'
  await writeFile(file, `svid,first_name,last_name,birth_date,address1,city,state,zip\n${ann}\n${ben}\n`)
  await cli.json('voters', 'publish', file, '--state', 'GA')
}

const explained = async (...args: readonly string[]): Promise<string> => (await cli.run('explain', ...args)).stdout

beforeAll(async () => {
  cli = await createCli()
  // its fixed scores say which person waits for a human
  await cli.json('settings', 'set', 'match.ruleset', 'simple')
  await publish('12 Oak St')
  const list = join(cli.dataDir, 'list.csv')
  const header = 'First Name,Last Name,Address,City,State,ZIP'
  await writeFile(list, `${header}\nAnn,Lee,99 Elm St,Macon,GA,31299\nBen,Poe,14 Oak St,Macon,GA,31201\n`)
  await cli.json('import', list)
  const [waiting] = await cli.json<readonly { pid: string }[]>('review', 'list')
  pid = waiting!.pid
})
afterAll(() => cli.drop())

describe('a person verified below the threshold', () => {
  it('is explained by the human, with the note, and not by the threshold', async () => {
    expect(await explained(pid)).toContain('its score is below the threshold (threshold 0.75)')
    const verified = await cli.run('verify', pid, '--note', 'spoke to her')
    expect(verified.stdout).toMatch(/linked GA:1 \(name_city, 0\.7\), verified by a human/)
    const text = await explained(pid)
    expect(text).toMatch(byAnn)
    expect(text).toMatch(/linked: GA:1 was verified .*: "spoke to her"/)
    expect(text).not.toContain('threshold')
    expect(await cli.json('explain', pid)).toMatchObject({
      outcome: 'linked',
      reason: 'verified',
      verdict: { kind: 'verified', voter: 'GA:1', by: 'user:ann', note: 'spoke to her' },
    })
    expect(await cli.json('person', pid)).toMatchObject({
      standing: { outcome: 'linked', reason: 'verified' },
      verdict: { kind: 'verified', by: 'user:ann' },
    })
  })

  it('says so when another voter is asked for', async () => {
    expect(await explained(pid, 'GA:2')).toMatch(/GA:2: not among the candidates[\s\S]*linked: GA:1 was verified/)
  })
})

describe('a rejected pair', () => {
  it('is said at once, listed with the person, and explained with the note', async () => {
    const rejected = await cli.run('reject', pid, 'GA:1', '--note', 'wrong Ann')
    expect(rejected.stdout).toMatch(/GA:1 was rejected by a human/)
    expect(await cli.json('person', pid)).toMatchObject({
      rejected: [{ kind: 'rejected', state: 'GA', svid: '1', by: 'user:ann' }],
    })
    for (const args of [[pid], [pid, 'GA:1']]) {
      const text = await explained(...args)
      expect(text).toMatch(/GA:1: rejected by a human \(user:ann, .* UTC\): "wrong Ann"/)
      expect(text).toContain('no voter comes near but GA:1, which a human ruled out')
      expect(text).not.toContain('not among')
    }
    expect(await cli.json('explain', pid)).toMatchObject({
      verdict: null,
      rejection: { kind: 'rejected', voter: 'GA:1', by: 'user:ann', note: 'wrong Ann', holds: true },
      rejectedVoters: ['GA:1'],
    })
  })

  it('is explained as no longer holding once the data has changed', async () => {
    await publish('16 Oak St')
    await cli.json('match', '--all')
    expect(await explained(pid)).toMatch(/name_city, score 0\.7, rejected by .*, the data has changed since/)
    expect(await cli.json('explain', pid)).toMatchObject({ rejection: { holds: false }, rejectedVoters: [] })
  })
})

describe('a decision that another threshold did not change', () => {
  it('names the threshold that decided it and the one in force', async () => {
    expect(await explained('GA:2')).toContain('(threshold 0.75)')
    await cli.json('settings', 'set', 'match.threshold', '0.9')
    await cli.json('match', '--all')
    expect(await explained('GA:2')).toContain('(threshold 0.75 when it was decided; 0.9 in force)')
    expect(await cli.json('explain', 'GA:2')).toMatchObject({ threshold: 0.75, thresholdInForce: 0.9 })
  })
})
