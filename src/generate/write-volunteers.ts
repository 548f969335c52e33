import { join } from 'node:path'
import { type DemoList, type Scene, truthOf, writeTruth } from './demo-list.js'
import { volunteer } from './list-sources.js'
import { rough } from './rough-contact.js'
import { vanId, volunteerCells, volunteerHeader } from './volunteers-list.js'
import { donorRows } from './write-donors.js'
import { type Cell, writeWorkbook } from './write-workbook.js'

const volunteerRows = 600
const onBothLists = 100

/** The entry behind a volunteer: every sixth is one of the donors, described anew. */
const volunteerEntry = (row: number): number => {
  const every = volunteerRows / onBothLists
  return row % every === every - 1 ? ((row + 1) / every) * Math.floor(donorRows / onBothLists) - 4 : donorRows + row
}

/** Volunteers as a workbook of one sheet. */
export const writeVolunteers = async ({ ground, describe, entryAt }: Scene, out: string): Promise<DemoList> => {
  const file = join(out, 'volunteers.xlsx')
  const truth = join(out, 'volunteers-truth.csv')
  const sheet: Cell[][] = [volunteerHeader]
  const pairs: [number, string, string][] = []
  for (let row = 0; row < volunteerRows; row++) {
    const entry = entryAt(volunteerEntry(row))
    const number = donorRows + row
    const { contact, kinds } = describe(entry.person, number, { ...volunteer, address: 0.75, birthDate: 0.4 })
    sheet.push(volunteerCells(rough(contact, number, ground.seed), row))
    const voter = truthOf(entry, kinds.has('masked'), ground.seed)
    if (voter !== undefined) pairs.push([row + 1, String(vanId(row)), voter])
  }
  await writeWorkbook(file, 'Volunteers', sheet)
  await writeTruth(truth, pairs)
  return { file, truth, rows: volunteerRows, broken: 0, truePairs: pairs.length }
}
