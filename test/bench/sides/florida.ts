import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { orThrow } from '../../../src/errors.js'
import { generate } from '../../../src/generate/generate.js'
import type { BenchOptions } from '../harness.js'

export interface Florida {
  readonly voters: string
  readonly contacts: string
  readonly truth: string
}

const cache = join(tmpdir(), 'matchbook-bench')
const generator = fileURLToPath(new URL('../../../src/generate/', import.meta.url))

/** What the generator makes changes with its sources. */
const generatorHash = (): string => {
  const hash = createHash('sha256')
  const files = readdirSync(generator, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  for (const file of files.sort()) hash.update(readFileSync(join(generator, file)))
  return hash.digest('hex').slice(0, 8)
}

/** A generated Florida; made once for its sizes and seed, as it takes minutes, and kept in the system's temporary folder. */
export const florida = async (
  voters: number,
  contacts: number,
  { seed, tables }: Pick<BenchOptions, 'seed' | 'tables'>,
): Promise<Florida> => {
  const from = tables === undefined ? 'own' : basename(tables)
  const folder = join(cache, `florida-${voters}-${contacts}-${seed}-${from}-${generatorHash()}`)
  if (!existsSync(folder)) {
    process.stderr.write(`generating ${folder}\n`)
    mkdirSync(cache, { recursive: true })
    const making = mkdtempSync(join(cache, 'making-'))
    try {
      await orThrow(
        generate({
          ...{ voters, contacts, seed, out: making, format: 'table' },
          ...(tables === undefined ? {} : { tables }),
        }),
      )
      renameSync(making, folder)
    } finally {
      rmSync(making, { recursive: true, force: true })
    }
  }
  return {
    voters: join(folder, 'voters.csv'),
    contacts: join(folder, 'contacts.csv'),
    truth: join(folder, 'truth.csv'),
  }
}
