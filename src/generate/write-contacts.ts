import { join } from 'node:path'
import { describer, type Ground } from './contact.js'
import { contactColumns, contactRow } from './contact-row.js'
import type { Entry } from './entries.js'
import { drawSource } from './list-sources.js'
import { Random } from './random.js'
import { svidOf } from './register-voter.js'
import { rough } from './rough-contact.js'
import { streams } from './streams.js'
import { openRows, type Rows } from './write-rows.js'
import type { Tick, VoterFormat } from './write-voters.js'

const contactId = (entry: number): string => `C${String(entry + 1).padStart(7, '0')}`

export interface WrittenContacts {
  readonly paths: readonly string[]
  /** How many contacts have a voter who can be found. */
  readonly truth: number
}

interface ListFiles {
  readonly contacts: Rows
  readonly truth: Rows
  readonly errors: Rows
}

const contactsAtOnce = 512

const addAll = async (
  files: ListFiles,
  count: number,
  format: VoterFormat,
  ground: Ground,
  entryAt: (n: number) => Entry,
  tick: Tick,
): Promise<number> => {
  const describe = describer(ground)
  const random = new Random(ground.seed)
  let truth = 0
  for (let n = 0; n < count; n++) {
    const { person, repeats } = entryAt(n)
    const { contact, kinds } = describe(person, n, drawSource(random.at(streams.source, n)))
    const id = contactId(n)
    files.contacts.add(contactRow(id, format === 'table' ? contact : rough(contact, n, ground.seed)))
    // Nobody can find a voter behind stars: as good as not in the file.
    if (person.voter !== -1 && !kinds.has('masked')) {
      files.truth.add(`${id},${svidOf(person.voter, ground.seed)}\n`)
      truth++
    }
    for (const kind of kinds) files.errors.add(`${id},${kind}\n`)
    if (repeats) files.errors.add(`${id},repeat\n`)
    if (n % contactsAtOnce === contactsAtOnce - 1) {
      for (const rows of Object.values(files) as Rows[]) if (rows.isFull) await rows.drain()
      tick(n + 1)
    }
  }
  return truth
}

/**
 * Writes `contacts.csv`, `truth.csv` (contact, voter) and `errors.csv` (contact, kind). Beside voters in Florida's format
 * stands a rough list as people write it; beside a table both sides are written alike, so that matching alone is measured.
 */
export const writeContacts = async (
  out: string,
  count: number,
  format: VoterFormat,
  ground: Ground,
  entryAt: (n: number) => Entry,
  tick: Tick,
): Promise<WrittenContacts> => {
  const paths = ['contacts.csv', 'truth.csv', 'errors.csv'].map((name) => join(out, name))
  const [contacts, truth, errors] = [await openRows(paths[0]!), await openRows(paths[1]!), await openRows(paths[2]!)]
  contacts.add(`${contactColumns}\n`)
  truth.add('contact,voter\n')
  errors.add('contact,kind\n')
  const files = { contacts, truth, errors }
  try {
    const found = await addAll(files, count, format, ground, entryAt, tick)
    for (const rows of Object.values(files)) await rows.finish()
    return { paths, truth: found }
  } catch (error) {
    for (const rows of Object.values(files)) await rows.abandon()
    throw error
  }
}
