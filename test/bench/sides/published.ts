import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Publication } from '../../../src/voters/publication.js'
import { startNodeSide } from './side.js'

export interface Published extends Publication {
  readonly dataDir: string
  readonly peakRssMiB: number
}

/** Publishes a voter file for as long as `work` takes, in a process of its own: what it held would count as the bench's. */
export const withPublished = async <A>(file: string, work: (published: Published) => Promise<A>): Promise<A> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'matchbook-bench-data-'))
  try {
    const side = startNodeSide('./publishing-side.ts')
    const published = await side.ask<Omit<Published, 'dataDir'>>({ file, dataDir })
    await side.close()
    process.stderr.write(`${published.rows} voters published in ${published.seconds.toFixed(1)} s\n`)
    return await work({ ...published, dataDir })
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}
