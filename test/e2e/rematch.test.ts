import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orThrow } from '../../src/errors.js'
import { generate } from '../../src/generate/generate.js'
import { temporaryFolder } from '../servers/temporary-folder.js'
import { type Cli, createCli } from './run-cli.js'

interface Plan {
  readonly plan: string
  readonly persons: number
  readonly changed: number
  readonly keptVerdicts: number
  readonly changes: Readonly<Record<string, number>>
  readonly path: string
  readonly seconds: number
}

let cli: Cli
let made: string

beforeAll(async () => {
  cli = await createCli()
  made = temporaryFolder('rematch')
  await orThrow(generate({ voters: 3_000, contacts: 500, seed: 4, out: made, format: 'table' }))
  await cli.json('voters', 'publish', join(made, 'voters.csv'), '--state', 'FL')
  await cli.json('import', join(made, 'contacts.csv'))
  const [waiting] = await cli.json<readonly { pid: string }[]>('review', 'list')
  await cli.json('verify', waiting!.pid)
}, 240_000)
afterAll(async () => {
  await cli.drop()
  await rm(made, { recursive: true, force: true })
})

describe('rematch', () => {
  it('plans, applies once, and has nothing left to plan', async () => {
    const planned = await cli.json<Plan>('rematch', '--threshold', '0.97')
    expect(planned).toMatchObject({ keptVerdicts: 1, path: 'recorded' })
    expect(planned.persons).toBeGreaterThan(450)
    expect(planned.changes['toReview']).toBeGreaterThan(0)
    expect(await cli.json('settings', 'get', 'match.threshold')).toMatchObject({ value: 0.75 })

    const text = (await cli.run('rematch', 'show', planned.plan)).stdout
    expect(text).toContain('threshold 0.75 → 0.97')
    expect(text).toContain('◄ new threshold 0.97')
    expect(text).toMatch(/^ {2}[0-9A-Z]{6} \S.*: was linked to FL:\d+ \(0\.\d+\); now FL:\d+ at 0\.\d+ is below/m)
    // one that can't be read hides no other
    await writeFile(join(cli.dataDir, 'plans', `${'0'.repeat(64)}.plan`), '{"kind":"rematch","v":2}\n')
    expect(await cli.json('rematch', 'list')).toMatchObject([{ plan: planned.plan, changed: planned.changed }])

    const applied = await cli.json('rematch', '--apply', planned.plan.slice(0, 12))
    expect(applied).toMatchObject({ plan: planned.plan, recorded: planned.changed, alreadyApplied: false })
    expect(await cli.json('settings', 'get', 'match.threshold')).toMatchObject({ value: 0.97 })
    const twice = await cli.run('rematch', '--apply', planned.plan)
    expect(twice).toMatchObject({ code: 0, stdout: expect.stringContaining('was applied before: nothing was changed') })
    expect(await cli.json('rematch', '--threshold', '0.97')).toMatchObject({ changed: 0, keptVerdicts: 1 })
    expect((await cli.run('rematch')).stderr).toContain('there is nothing to apply')
    const [waiting] = await cli.json<readonly { pid: string }[]>('review', 'list')
    expect((await cli.run('verify', waiting!.pid, '--as', ' ')).code).toBe(2)
  }, 120_000)

  it('exits 3 for a plan gone stale, 2 for bad input, 4 for what is not there', async () => {
    const planned = await cli.json<Plan>('rematch', '--threshold', '0.6')
    await cli.json('settings', 'set', 'match.threshold', '0.8')
    const stale = await cli.run('rematch', '--apply', planned.plan)
    expect(stale).toMatchObject({ code: 3, stderr: expect.stringContaining('went from 0.97 to 0.8') })
    expect((await cli.run('rematch', '--threshold', '1.2')).code).toBe(2)
    expect((await cli.run('--tenant', 'other', 'rematch', '--apply', planned.plan)).code).toBe(2)
    expect((await cli.run('rematch', '--apply', planned.plan, '--threshold', '0.6')).code).toBe(2)
    expect((await cli.run('rematch', '--apply', 'feedbeef')).code).toBe(4)
    expect((await cli.run('rematch', '--ruleset', 'nobody')).code).toBe(4)
  }, 120_000)
})
