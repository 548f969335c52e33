import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { rightOrThrow } from '../../src/errors.js'
import { artifactPath, indexPath } from '../../src/voters/artifact.js'
import { buildIndex, helperFor } from '../../src/voters/build-index.js'
import { loadIndex } from '../../src/voters/load-index.js'
import { type Bench, compare, type Measured, type Side, timed } from './harness.js'
import { type Figure, memoryText, report } from './report.js'
import { florida } from './sides/florida.js'
import { type Published, withPublished } from './sides/published.js'

const fewVoters = 1_000_000
const growthBar = 1.2
const bytesBar = 220
/** Reading back takes at most twice a bare read. */
const readBar = 0.5

/**
 * The voter index: seconds of building it from an artifact at two sizes, bytes a voter, and reading its file back, checked,
 * against a bare read of the same bytes into the same kind of memory; the file is in the system's cache for both.
 */
export const bench: Bench = async (options) => {
  const { voters = 8_200_000, contacts = 100_000 } = options
  const few = voters > fewVoters ? fewVoters : Math.ceil(voters / 8)
  const [large, small] = [await florida(voters, contacts, options), await florida(few, contacts, options)]
  await withPublished(large.voters, (published) =>
    withPublished(small.voters, async (fewer) => {
      const built = await compare({
        ...{ name: 'building', amount: published.rows, unit: 'voters', rounds: options.rounds ?? 3, bar: 0 },
        subject: building(published),
        yardstick: building(fewer),
      })
      const file = indexPath(published.dataDir, published)
      const read = await compare({
        ...{
          name: 'reading back',
          amount: statSync(file).size / 2 ** 20,
          unit: 'MiB',
          rounds: options.rounds ?? 5,
          bar: readBar,
        },
        subject: () => timed(async () => rightOrThrow(loadIndex(file))),
        yardstick: () => timed(async () => bareRead(file)),
      })
      report([growth(built, published, fewer), bytesPerVoter(published), read], options)
    }),
  )
}

/** As publishing does it: two threads, columns read from the artifact. */
const building =
  (published: Published): Side =>
  async () => {
    const { rows, columns, dataDir } = published
    const artifact = artifactPath(dataDir, published)
    const helper = helperFor(statSync(artifact).size)
    try {
      return await timed(() => buildIndex({ artifact, rows, columns, spillDir: join(dataDir, 'spill') }, helper))
    } finally {
      await helper?.close()
    }
  }

/** Linux reads no more than 2 GiB at once. */
const readBytes = 1 << 30

const bareRead = (file: string): void => {
  const descriptor = openSync(file, 'r')
  const bytes = new Uint8Array(new SharedArrayBuffer(statSync(file).size))
  for (let at = 0; at < bytes.length; ) {
    at += readSync(descriptor, bytes, at, Math.min(readBytes, bytes.length - at), at)
  }
  closeSync(descriptor)
}

const microseconds = (seconds: number, voters: number): string =>
  `${((seconds / voters) * 1e6).toFixed(2)} µs a voter of ${voters.toLocaleString('en')}`

const growth = (built: Measured, large: Published, small: Published): Figure => ({
  name: 'building, growth',
  subject: microseconds(built.subject, large.rows),
  yardstick: microseconds(built.yardstick, small.rows),
  value: (1 / built.ratio) * (small.rows / large.rows),
  bar: { atMost: growthBar },
  memory: memoryText(built.subjectRssMiB, built.yardstickRssMiB),
})

const bytesPerVoter = ({ indexBytesPerVoter }: Published): Figure => ({
  name: 'bytes a voter',
  subject: '',
  yardstick: '',
  value: indexBytesPerVoter,
  bar: { atMost: bytesBar },
})
