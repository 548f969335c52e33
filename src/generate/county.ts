import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type AppError, attempt } from '../errors.js'
import { makeFolder } from '../make-folder.js'
import { describer, type Ground } from './contact.js'
import type { DemoList } from './demo-list.js'
import { drawEntries } from './entries.js'
import { householdsOf } from './household.js'
import { ownZips, placesOf } from './places.js'
import { countPopulation, peopleOf } from './population.js'
import { Random } from './random.js'
import { ownNames } from './read-names.js'
import { translateFileError } from './translate-file-error.js'
import { writeDonors } from './write-donors.js'
import { writeVolunteers } from './write-volunteers.js'
import { writeVoters } from './write-voters.js'

export interface CountyOrder {
  readonly seed: number
  readonly out: string
}

export interface County {
  readonly voterFiles: readonly string[]
  readonly voters: number
  readonly donors: DemoList
  readonly volunteers: DemoList
}

/** Four small neighbours in the north: together the size of one county. */
const counties = ['BAK', 'BRA', 'CLM', 'UNI']
const voterCount = 20_000

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

/**
 * The demo's county: 20,000 voters in Florida's format, a CSV of donors with broken rows and a workbook of volunteers, a
 * hundred of whom are donors too, each with its truth. Fails with BAD_USAGE (the folder) or DISK_FULL.
 */
export const generateCounty = ({ seed, out }: CountyOrder): TaskEither<AppError, County> =>
  attempt(async () => {
    try {
      await makeFolder(out)
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
