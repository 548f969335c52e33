import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { orThrow } from '../../src/errors.js'
import { generate } from '../../src/generate/generate.js'
import { publishVoterFile } from '../../src/voters/publish-voter-file.js'
import { type Bench, compare, timed } from './harness.js'
import { report } from './report.js'

const defaultSize = 1_000_000
const bar = 0.33

/**
 * Publishing a voter file, artifact and index, in this process; the yardstick is DuckDB's own CSV → Parquet of the same
 * file, as it does it by itself, every column as text. Both start DuckDB anew and use the machine's cores.
 */
export const bench: Bench = async (options) => {
  const voters = options.size ?? defaultSize
  const folder = mkdtempSync(path.join(tmpdir(), 'matchbook-publish-'))
  try {
    const order = { voters, contacts: 0, seed: options.seed, out: folder, format: 'table' } as const
    const { files } = await orThrow(generate(order))
    const file = files.find((name) => path.basename(name) === 'voters.csv')!
    const dataDir = path.join(folder, 'data')
    const measured = await compare({
      name: 'publish',
      amount: voters,
      unit: 'voters',
      rounds: options.rounds ?? 5,
      bar,
      yardstick: () => timed(() => convert(file, path.join(folder, 'yardstick.parquet'))),
      subject: async () => {
        rmSync(dataDir, { recursive: true, force: true })
        return timed(async () => {
          const done = await orThrow(publishVoterFile({ dataDir, files: [file], state: 'FL', format: 'table' }))
          if (done.rows !== voters) throw new Error(`${done.rows} of ${voters} voters published`)
          process.stderr.write(`${done.indexBytesPerVoter} index bytes a voter\n`)
        })
      },
    })
    report([measured], options)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const convert = async (from: string, to: string): Promise<void> => {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(availableParallelism()) })
  const connection = await instance.connect()
  await connection.run(`copy (from read_csv('${from}', all_varchar = true)) to '${to}' (format parquet)`)
  connection.closeSync()
  instance.closeSync()
}
