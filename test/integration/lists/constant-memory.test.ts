import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeWorkbook } from './make-workbook.js'
import { newFolder } from './read-rows.js'

let folder: string
beforeAll(async () => {
  folder = await newFolder()
})
afterAll(() => rm(folder, { recursive: true }))

const openListModule = new URL('../../../src/lists/open-list.ts', import.meta.url).href

/** Reads the whole list in a process of its own, whose heap ends at 64 MB. */
const readInSmallHeap = async (file: string): Promise<{ rows: number; read: number; peakMiB: number }> => {
  const script = `
    import { openList } from ${JSON.stringify(openListModule)}
    const list = await openList({ file: ${JSON.stringify(file)} })()
    let read = 0
    for await (const batch of list.right.read(1)) read += batch.length
    const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024)
    console.log(JSON.stringify({ rows: list.right.rows, read, peakMiB }))`
  const flags = ['--max-old-space-size=64', '--import', 'tsx', '--input-type=module', '-e', script]
  const { stdout } = await promisify(execFile)(process.execPath, flags)
  return JSON.parse(stdout)
}

const note = 'a note that is as long as notes are when somebody wrote down what was said at the door. '.repeat(8)

/** `count` texts made by `make`, a thousand to a chunk. */
function* inChunks(count: number, make: (i: number) => string): Generator<string> {
  for (let from = 0; from < count; from += 1000) {
    yield Array.from({ length: Math.min(1000, count - from) }, (_, i) => make(from + i)).join('')
  }
}

it('reads a file of 200 MB in a heap of 64 MB', async () => {
  const file = join(folder, 'long.csv')
  const rows = 250_000
  const line = (i: number): string =>
    i === 0
      ? 'First Name,Last Name,Address,City,State,ZIP,Email,Note\n'
      : `Ann,Lee${i},"${i} Main St, Apt ${i % 9}",Miami,FL,33101,ann${i}@example.org,${note}\n`
  await pipeline(Readable.from(inChunks(rows + 1, line)), createWriteStream(file))
  const { peakMiB, ...counts } = await readInSmallHeap(file)
  expect(counts).toEqual({ rows, read: rows })
  expect(peakMiB).toBeLessThan(250)
})

it('reads a workbook of 50 MB of XML in a heap of 64 MB', async () => {
  const rows = 60_000
  const names = ['First Name', 'Last Name', 'Note']
  const sheet = inChunks(rows + 1, (i) =>
    i === 0
      ? '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>'
      : `<row><c t="s"><v>${2 + i}</v></c><c t="s"><v>${2 + i}</v></c><c t="inlineStr"><is><t>${note}</t></is></c></row>`,
  )
  const strings = inChunks(rows + 3, (i) => `<si><t>${names[i] ?? `Ann${i}`}</t></si>`)
  const file = await makeWorkbook(join(folder, 'long.xlsx'), { sheets: { List: sheet }, strings })
  const { peakMiB, ...counts } = await readInSmallHeap(file)
  expect(counts).toEqual({ rows, read: rows })
  expect(peakMiB).toBeLessThan(250)
})
