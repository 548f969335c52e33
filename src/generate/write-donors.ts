import { join } from 'node:path'
import { type DemoList, type Scene, truthOf, writeTruth } from './demo-list.js'
import { csvLine, donorCells, donorHeader, receiptId, spoilings } from './donors-list.js'
import { donation } from './list-sources.js'
import { rough } from './rough-contact.js'
import { openRows } from './write-rows.js'

export const donorRows = 1_500
const brokenTwice = 2

/** Donors as a CSV in Latin-1 with CR LF; every hundred and twentieth row or so is broken in one of six ways. */
export const writeDonors = async ({ ground, describe, entryAt }: Scene, out: string): Promise<DemoList> => {
  const file = join(out, 'donors.csv')
  const truth = join(out, 'donors-truth.csv')
  const rows = await openRows(file)
  const pairs: [number, string, string][] = []
  const broken = spoilings.length * brokenTwice
  const stride = Math.floor(donorRows / broken)
  rows.add(csvLine(donorHeader))
  for (let n = 0; n < donorRows; n++) {
    const entry = entryAt(n)
    const { contact, kinds } = describe(entry.person, n, { ...donation, birthDate: 0.3 })
    const cells = donorCells(rough(contact, n, ground.seed), n)
    if (n % stride === stride - 1) {
      const [, spoil] = spoilings[Math.floor(n / stride) % spoilings.length]!
      rows.add(csvLine(spoil(cells)))
      continue
    }
    rows.add(csvLine(cells))
    const voter = truthOf(entry, kinds.has('masked'), ground.seed)
    if (voter !== undefined) pairs.push([n + 1, receiptId(n), voter])
  }
  await rows.finish()
  await writeTruth(truth, pairs)
  return { file, truth, rows: donorRows, broken, truePairs: pairs.length }
}
