import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type AppError, appError, attempt, rightOrThrow, shown } from '../errors.js'
import { makeFolder } from '../make-folder.js'
import type { Ground } from './contact.js'
import { drawEntries } from './entries.js'
import { householdsOf } from './household.js'
import { countyCodes, ownZips, placesOf } from './places.js'
import { countPopulation, peopleOf } from './population.js'
import { Random } from './random.js'
import { ownNames } from './read-names.js'
import { readTables, type Tables } from './read-tables.js'
import { translateFileError } from './translate-file-error.js'
import { writeContacts } from './write-contacts.js'
import { type VoterFormat, writeVoters } from './write-voters.js'

export interface GenerateOrder {
  readonly voters: number
  readonly contacts: number
  /** 0 to 4294967295; the same seed and counts give the same bytes. */
  readonly seed: number
  readonly out: string
  /** A folder with the large tables; without it the project's own small ones serve. */
  readonly tables?: string
  readonly format: VoterFormat
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

export interface Generated {
  readonly files: readonly string[]
  readonly voters: number
  readonly contacts: number
  /** How many contacts have a voter who can be found. */
  readonly truth: number
}

/** The largest serial numbers that stay exact in `svidOf`. */
const mostVoters = 20_000_000

const checkWhole = (name: string, value: number, from: number, to: number): void => {
  if (Number.isInteger(value) && value >= from && value <= to) return
  throw appError('BAD_USAGE', `${name} must be a whole number from ${from} to ${to}, not ${shown(value)}`, {
    field: name,
  })
}

const checkOrder = ({ voters, contacts, seed, out, format }: GenerateOrder): void => {
  checkWhole('voters', voters, 1, mostVoters)
  checkWhole('contacts', contacts, 0, mostVoters)
  checkWhole('seed', seed, 0, 2 ** 32 - 1)
  if (format !== 'table' && format !== 'florida')
    throw appError('BAD_USAGE', `format must be table or florida, not ${shown(format)}`, { field: 'format' })
  if (out === '') throw appError('BAD_USAGE', 'out must name a folder', { field: 'out' })
}

const ownTables = (): Tables => ({ names: ownNames(), zips: ownZips() })

const groundOf = ({ names, zips }: Tables, seed: number): Ground => ({
  seed,
  places: placesOf(zips, seed),
  names,
  counties: countyCodes,
})

const write = async (order: GenerateOrder, ground: Ground): Promise<Generated> => {
  const { voters, contacts, seed, out, format } = order
  const tickFrom = (before: number) => (done: number) => {
    if (order.signal?.aborted) throw appError('INTERRUPTED', `interrupted: ${out} is not complete`, { file: out })
    order.onProgress?.(before + done, voters + contacts)
  }
  await makeFolder(out)
  const population = countPopulation(voters, seed)
  const people = peopleOf(population, householdsOf(ground.places, ground.names, new Random(seed)), seed)
  const voterPaths = await writeVoters(out, format, ground, population, people, tickFrom(0))
  const entryAt = drawEntries(population, people, seed)
  const list = await writeContacts(out, contacts, format, ground, entryAt, tickFrom(voters))
  return { files: [...voterPaths, ...list.paths], voters, contacts, truth: list.truth }
}

/**
 * Generates a Florida: voters (`voters.csv`, or 67 county files in `voters/`), a contact list, the truth and what was
 * done to each contact. Everything is made again from its number when needed, so memory stays at about 8 bytes a household.
 * Fails with BAD_USAGE, FILE_NOT_FOUND, BAD_FILE or BAD_VALUE (a table), DISK_FULL, INTERRUPTED.
 */
export const generate = (order: GenerateOrder): TaskEither<AppError, Generated> =>
  attempt(async () => {
    checkOrder(order)
    const tables = order.tables === undefined ? ownTables() : rightOrThrow(await readTables(order.tables))
    try {
      return await write(order, groundOf(tables, order.seed))
    } catch (error) {
      throw translateFileError(order.out, error)
    }
  })
