import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Bench, BenchOptions } from './harness.js'

const usage =
  'npm run bench -- NAME [--size N] [--voters N] [--contacts N] [--seed S] [--rounds N] [--tables DIR] [--splink PYTHON] [--json]'

/** Runs test/bench/NAME.ts; what is no bench of its own stands in folders or in these. */
const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => !['main', 'harness', 'random', 'report'].includes(name))

const number = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const value = Number(text.replaceAll(/[_,]/g, ''))
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`not a whole number above 0: ${text}`)
  return value
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string' },
    voters: { type: 'string' },
    contacts: { type: 'string' },
    splink: { type: 'string' },
    tables: { type: 'string' },
    seed: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'boolean' },
  },
})

const [name] = positionals
if (name === undefined || !names.includes(name)) {
  process.stderr.write(`usage: ${usage}\n`)
  process.stderr.write(`NAME: ${names.sort().join(', ')}\n`)
  process.exitCode = 2
} else {
  const options: BenchOptions = {
    size: number(values.size),
    seed: number(values.seed) ?? 1,
    rounds: number(values.rounds),
    voters: number(values.voters),
    contacts: number(values.contacts),
    splink: values.splink,
    tables: values.tables,
    format: values.json ? 'json' : 'table',
  }
  const { bench } = (await import(`./${name}.ts`)) as { readonly bench: Bench }
  await bench(options)
}
