import type { Contact, ContactField } from '../../events/contact.js'
import { appError, orThrow, shown } from '../errors.js'
import { type ContactList, type ListRow, openList } from '../lists/open-list.js'
import type { FieldMap } from '../lists/parse-map.js'
import type { PackedContacts } from '../match/packed-contacts.js'
import { contactPacker } from '../runs/pack-contacts.js'
import { prepareContact } from '../runs/prepare-person.js'
import type { Tell } from './engine.js'

export interface ContactsRequest {
  readonly file: string
  readonly map?: FieldMap
  readonly signal: AbortSignal
  /** told how many there are before they are read */
  readonly onCounted?: (contacts: number) => void
}

/** A labelled list in memory; contact i is data row i + 1. */
export interface LabelledContacts {
  readonly ids: readonly string[]
  readonly packed: PackedContacts
  /** contact by id */
  readonly places: ReadonlyMap<string, number>
  /** values that are of no use as their field and count as missing, by field */
  readonly setAside: Readonly<Record<string, number>>
  readonly notes: readonly string[]
}

/**
 * Reads all contacts. No row is lost: a malformed value counts as missing. Throws BAD_MAPPING (no id), BAD_ROW (a row that can't be read, an id that is
 * missing or there twice), and what opening a list says.
 */
export const readContacts = async (request: ContactsRequest, onProgress: Tell): Promise<LabelledContacts> => {
  const { file, map, signal, onCounted } = request
  const list = await orThrow(
    openList({ file, signal, malformed: 'aside', ...(map === undefined ? {} : { mapping: map }) }),
  )
  if (list.mapping['id'] === undefined) throw noId(file, list)
  onCounted?.(list.rows)
  const ids: string[] = []
  const packer = contactPacker()
  const places = new Map<string, number>()
  const setAside: Record<string, number> = {}
  for await (const rows of list.read(1)) {
    for (const row of rows) {
      const contact = contactOf(file, row)
      const id = idOf(file, row.row, contact, places)
      places.set(id, ids.length)
      ids.push(id)
      packer.add(prepareContact(contact))
      countAside(list, contact, setAside)
    }
    onProgress(ids.length, list.rows)
  }
  return { ids, packed: packer.pack(), places, setAside, notes: list.notes }
}

const noId = (file: string, { headers }: ContactList) =>
  appError(
    'BAD_MAPPING',
    `${shown(file)} has no column that is known for id; say which with --map-contacts id=… Its columns: ${headers.map(shown).join(', ')}`,
    { file, field: 'id' },
  )

/** The contact of a row; throws BAD_ROW for one that can't be cut into cells. */
export const contactOf = (file: string, { row, contact }: ListRow): Contact => {
  if (contact._tag === 'Right') return contact.right
  throw appError('BAD_ROW', `${shown(file)}, row ${row}: ${contact.left.reason}`, { file, row })
}

const idOf = (file: string, row: number, { id }: Contact, places: ReadonlyMap<string, number>): string => {
  const where = { file, row, field: 'id' }
  if (id === undefined) throw appError('BAD_ROW', `${shown(file)}, row ${row}: the contact has no id`, where)
  const before = places.get(id)
  if (before === undefined) return id
  throw appError('BAD_ROW', `${shown(file)}, row ${row}: row ${before + 1} has the id ${shown(id)} too`, where)
}

const countAside = (
  { mapping }: ContactList,
  { custom = {}, ...contact }: Contact,
  setAside: Record<string, number>,
) => {
  for (const [field, header] of Object.entries(mapping)) {
    const isAside = custom[header] !== undefined && contact[field as ContactField] === undefined
    if (isAside) setAside[field] = (setAside[field] ?? 0) + 1
  }
}
