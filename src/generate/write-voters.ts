import { join } from 'node:path'
import { makeFolder } from '../make-folder.js'
import type { Ground } from './contact.js'
import type { Individual } from './individual.js'
import { countyCodes } from './places.js'
import type { People, Population } from './population.js'
import { Random } from './random.js'
import { isMasked, register, svidOf } from './register-voter.js'
import { floridaRow, maskedFloridaRow, maskedTableRow, tableRow, voterColumns } from './voter-row.js'
import { openRows, type Rows } from './write-rows.js'

/** The date in the names of the extract's files. */
const extractDate = '20241008'

export type VoterFormat = 'table' | 'florida'

/** Called between pieces of work with how much is done; throws to stop. */
export type Tick = (done: number) => void

interface VoterFiles {
  readonly paths: readonly string[]
  readonly files: readonly Rows[]
  add(person: Individual): void
}

const lineOf = ({ seed, names }: Ground, format: VoterFormat): ((person: Individual) => string) => {
  const random = new Random(seed)
  const [shownRow, maskedRow] = format === 'table' ? [tableRow, maskedTableRow] : [floridaRow, maskedFloridaRow]
  return (person) =>
    isMasked(person, random)
      ? maskedRow(person, svidOf(person.voter, seed))
      : shownRow(person, register(person, names, seed, random))
}

const openTable = async (out: string, ground: Ground): Promise<VoterFiles> => {
  const path = join(out, 'voters.csv')
  const rows = await openRows(path)
  rows.add(`${voterColumns}\n`)
  const line = lineOf(ground, 'table')
  return { paths: [path], files: [rows], add: (person) => rows.add(line(person)) }
}

/** One file a county; a county nobody was drawn for gets an empty one. */
const openFlorida = async (out: string, ground: Ground, counties: readonly string[]): Promise<VoterFiles> => {
  const folder = join(out, 'voters')
  await makeFolder(folder)
  const paths = counties.map((county) => join(folder, `${county}_${extractDate}.txt`))
  const files: Rows[] = []
  for (const path of paths) files.push(await openRows(path))
  const byCounty = new Map(counties.map((county, i) => [county, files[i]!]))
  const line = lineOf(ground, 'florida')
  return { paths, files, add: (person) => byCounty.get(person.living.home.place.county)!.add(line(person)) }
}

const homesAtOnce = 512

const addAll = async (population: Population, people: People, target: VoterFiles, tick: Tick): Promise<void> => {
  const { households, voters } = population
  for (let from = 0; from < households; from += homesAtOnce) {
    const to = Math.min(households, from + homesAtOnce)
    for (let household = from; household < to; household++) {
      if (voters[household] === voters[household + 1]) continue
      for (const person of people(household)) if (person.voter !== -1) target.add(person)
    }
    for (const file of target.files) if (file.isFull) await file.drain()
    tick(voters[to]!)
  }
}

/** Writes the register and answers the paths of its files. Rejects as `node:fs` does, or with what `tick` throws. */
export const writeVoters = async (
  out: string,
  format: VoterFormat,
  ground: Ground,
  population: Population,
  people: People,
  tick: Tick,
): Promise<readonly string[]> => {
  const counties = countyCodes.filter((code) => format === 'florida' && ground.counties.includes(code))
  const target = format === 'table' ? await openTable(out, ground) : await openFlorida(out, ground, counties)
  try {
    await addAll(population, people, target, tick)
  } catch (error) {
    for (const file of target.files) await file.abandon()
    throw error
  }
  for (const file of target.files) await file.finish()
  return target.paths
}
