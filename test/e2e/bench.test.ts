import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { finish } from './run-cli.js'

const main = fileURLToPath(new URL('../bench/main.ts', import.meta.url))
const sizes = ['--voters', '2000', '--contacts', '300', '--size', '2000', '--rounds', '1']

const missedBar = 6

/** At a size where every bar may be missed: that it still measures what it says. */
const figuresOf = async (name: string): Promise<ReadonlyMap<string, number>> => {
  const args = ['--import', 'tsx', '--expose-gc', main, name, ...sizes, '--json']
  const { code, stdout, stderr } = await finish(spawn(process.execPath, args))
  expect([0, missedBar], stderr).toContain(code)
  const figures = JSON.parse(stdout) as readonly { name: string; value?: number; ratio?: number }[]
  return new Map(figures.map(({ name, value, ratio }) => [name, value ?? ratio!]))
}

it.each([
  ['match', ['two threads : one', 'pairs a contact', 'seconds of learning', 'GB of matching', 'best F1']],
  ['tiers', ['exact tiers']],
  ['index', ['building, growth', 'bytes a voter', 'reading back']],
  ['one', ['one contact, median ms', 'one contact, p99 ms']],
  ['eventstoredb', ['bulk append', 'read all']],
])('bench %s runs at a tiny size', async (name, names) => {
  const figures = await figuresOf(name)
  expect([...figures.keys()]).toEqual(names)
  for (const value of figures.values()) expect(value).toBeGreaterThan(0)
})
