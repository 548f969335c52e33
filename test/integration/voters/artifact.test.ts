import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { artifactPath, indexPath, parquetOptions } from '../../../src/voters/artifact.js'
import { loadIndex } from '../../../src/voters/load-index.js'
import { openDuckDb } from '../../../src/voters/open-duckdb.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'
import { readVoters } from '../../../src/voters/read-voters.js'
import { newCase, publish, published, register, sha256 } from './published.js'

describe('an artifact', () => {
  it('has the same bytes with one thread and with four, and its rows in the order of the source', async () => {
    const { folder, write } = newCase()
    const source = write('v.csv', register(150_000))
    const hashes = new Set<string>()
    for (const threads of [1, 2, 4]) {
      const db = await openDuckDb({ threads, spillDir: path.join(folder, 'spill'), memoryShare: 0.2 })
      const to = path.join(folder, `${threads}.parquet`)
      await db.run(`copy (from read_csv('${source}', all_varchar = true)) to '${to}' (${parquetOptions})`)
      const [inOrder] = await db.rows(
        `select bool_and(svid::int = file_row_number) from read_parquet('${to}', file_row_number = true)`,
      )
      expect(inOrder).toEqual(['true'])
      db.close()
      hashes.add(sha256(to))
    }
    expect(hashes.size).toBe(1)
  })

  it('is the same for the same rows however often they are published, duplicates and all', async () => {
    const text = `${register(60_000)}000000007,X,Y,,,,,,,\n`
    const files = []
    for (let i = 0; i < 2; i++) {
      const given = newCase()
      files.push(await publish(given.request([given.write('v.csv', text)])))
    }
    expect(files[0]).toMatchObject({ rows: 60_000, rejected: 1 })
    const clean = await published(newCase(), 60_000)
    expect(files.map(({ voterFile }) => voterFile)).toEqual([clean.voterFile, clean.voterFile])
  })

  it('is never half there: killed at any moment, every file under its name is whole, and publishing again succeeds', async () => {
    const given = newCase()
    const source = given.write('v.csv', register(60_000))
    const child = fileURLToPath(new URL('publish-in-child.ts', import.meta.url))
    const folder = path.join(given.dataDir, 'voters', 'FL')
    for (const delay of [40, 120, 200, 280, 360, 440, 520, 700]) {
      const running = spawn(process.execPath, ['--import', 'tsx', child, given.dataDir, source])
      const ended = once(running, 'exit')
      await Promise.race([once(running.stdout, 'data'), ended])
      await new Promise((resolve) => setTimeout(resolve, delay))
      running.kill('SIGKILL')
      await ended
      for (const name of existsSync(folder) ? readdirSync(folder) : []) {
        const file = path.join(folder, name)
        if (name.endsWith('.parquet')) expect(sha256(file)).toBe(path.basename(name, '.parquet'))
        if (name.endsWith('.index')) expect(loadIndex(file)._tag).toBe('Right')
        if (name.endsWith('.source.json'))
          expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ rows: 60_000 })
      }
    }
    const last = await publish(given.request([source], { format: 'table' }))
    expect(last).toMatchObject({ rows: 60_000, rejected: 0 })
    expect(readdirSync(folder).filter((name) => name.startsWith('.publishing'))).toEqual([])
    expect(readdirSync(folder)).toHaveLength(3)
  })

  it.each([
    ['cut', (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
    ['flipped in one byte', (bytes: Buffer) => bytes.fill(bytes[1_000]! ^ 0x40, 1_000, 1_001)],
  ])('that is %s asks to be published again, and that makes it whole', async (_, damage) => {
    const given = newCase()
    const request = given.request([given.write('v.csv', register(2_000))])
    const ref = await publish(request)
    const artifact = artifactPath(given.dataDir, ref)
    writeFileSync(artifact, damage(readFileSync(artifact)))
    rmSync(indexPath(given.dataDir, ref))
    const damaged = { code: 'BAD_FILE', message: expect.stringMatching(/damaged .*; publish it again$/) }
    await expect(openIndex(given.dataDir, ref, () => undefined)).rejects.toMatchObject(damaged)
    await publish(request)
    expect(sha256(artifact)).toBe(ref.voterFile)
    expect((await openIndex(given.dataDir, ref, () => undefined)).index.voters).toBe(2_000)
  })

  it('that can not be read asks to be published again', async () => {
    const given = newCase()
    const artifact = artifactPath(given.dataDir, await published(given, 300))
    truncateSync(artifact, 1_000)
    expect(await readVoters(artifact, ['1'])()).toMatchObject({
      left: { code: 'BAD_FILE', message: expect.stringMatching(/damaged .*; publish it again$/) },
    })
  })

  it('leaves nothing behind when it is interrupted', async () => {
    const given = newCase()
    const stop = new AbortController()
    const request = given.request([given.write('v.csv', register(60_000))], {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    const result = await publishVoterFile(request)()
    expect(result).toMatchObject({ _tag: 'Left', left: { code: 'INTERRUPTED' } })
    expect(readdirSync(path.join(given.dataDir, 'voters', 'FL'))).toEqual([])
  })
})
