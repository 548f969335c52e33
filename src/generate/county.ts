import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type AppError, attempt } from '../errors.js'
import { type Describe, describer, type Ground } from './contact.js'
import { csvLine, donorCells, donorHeader, receiptId, spoilings } from './donors-list.js'
import { drawEntries, type Entry } from './entries.js'
import { householdsOf } from './household.js'
import { donation, volunteer } from './list-sources.js'
import { ownZips, placesOf } from './places.js'
import { countPopulation, peopleOf } from './population.js'
import { Random } from './random.js'
import { ownNames } from './read-names.js'
import { svidOf } from './register-voter.js'
import { rough } from './rough-contact.js'
import { translateFileError } from './translate-file-error.js'
import { vanId, volunteerCells, volunteerHeader } from './volunteers-list.js'
import { openRows } from './write-rows.js'
import { writeVoters } from './write-voters.js'
import { type Cell, writeWorkbook } from './write-workbook.js'

export interface CountyOrder {
  readonly seed: number
  readonly out: string
}

/** A list of the demo; `truth` holds `row` (1 is the first below the header), `contact` (its id) and `voter`. */
export interface CountyList {
  readonly file: string
  readonly truth: string
  readonly rows: number
  /** How many of its rows are broken on purpose. */
  readonly broken: number
  /** How many of its rows have a voter who can be found. */
  readonly truePairs: number
}

export interface County {
  readonly voterFiles: readonly string[]
  readonly voters: number
  readonly donors: CountyList
  readonly volunteers: CountyList
}

/** Four small neighbours in the north: together the size of one county. */
const counties = ['BAK', 'BRA', 'CLM', 'UNI']
const voterCount = 20_000
const donorRows = 1_500
const volunteerRows = 600
const onBothLists = 100
const brokenTwice = 2

interface Scene {
  readonly ground: Ground
  readonly describe: Describe
  readonly entryAt: (n: number) => Entry
}

const groundOf = (seed: number): Ground => {
  const all = placesOf(ownZips(), seed).all.filter((place) => counties.includes(place.county))
  const inside = new Set(all.map((place) => place.zip))
  return {
    seed,
    counties,
    names: ownNames(),
    places: placesOf(
      ownZips().filter((row) => inside.has(row.zip)),
      seed,
    ),
  }
}

/** The voter that an entry's person is, if anybody could find out. */
const truthOf = ({ person }: Entry, isMasked: boolean, seed: number): string | undefined =>
  person.voter === -1 || isMasked ? undefined : svidOf(person.voter, seed)

const writeTruth = async (path: string, pairs: readonly (readonly [number, string, string])[]): Promise<void> => {
  const rows = await openRows(path)
  rows.add('row,contact,voter\n')
  for (const [row, contact, voter] of pairs) rows.add(`${row},${contact},${voter}\n`)
  await rows.finish()
}

/** Donors as a CSV in Latin-1 with CR LF; every hundred and twentieth row or so is broken in one of six ways. */
const writeDonors = async ({ ground, describe, entryAt }: Scene, out: string): Promise<CountyList> => {
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

/** The entry behind a volunteer: every sixth is one of the donors, described anew. */
const volunteerEntry = (row: number): number => {
  const every = volunteerRows / onBothLists
  return row % every === every - 1 ? ((row + 1) / every) * Math.floor(donorRows / onBothLists) - 4 : donorRows + row
}

const writeVolunteers = async ({ ground, describe, entryAt }: Scene, out: string): Promise<CountyList> => {
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

/**
 * The demo's county: 20,000 voters in Florida's format, a CSV of donors with broken rows and a workbook of volunteers, a
 * hundred of whom are donors too, each with its truth. Fails with BAD_USAGE (the folder) or DISK_FULL.
 */
export const generateCounty = ({ seed, out }: CountyOrder): TaskEither<AppError, County> =>
  attempt(async () => {
    try {
      await mkdir(out, { recursive: true })
      const ground = groundOf(seed)
      const population = countPopulation(voterCount, seed)
      const people = peopleOf(population, householdsOf(ground.places, ground.names, new Random(seed)), seed)
      const voterFiles = await writeVoters(out, 'florida', ground, population, people, () => undefined)
      const scene = { ground, describe: describer(ground), entryAt: drawEntries(population, people, seed) }
      const donors = await writeDonors(scene, out)
      return { voterFiles, voters: voterCount, donors, volunteers: await writeVolunteers(scene, out) }
    } catch (error) {
      throw translateFileError(out, error)
    }
  })
