import type { Contact } from '../../events/contact.js'
import { appError, orThrow, shown } from '../errors.js'
import { openList } from '../lists/open-list.js'
import type { FieldMap } from '../lists/parse-map.js'

export interface LabelledContact {
  /** the list's own id */
  readonly id: string
  readonly contact: Contact
}

/**
 * The contacts of a labelled list. No contact is lost: a malformed value is as good as missing, and a row with nothing in
 * it stays too. Throws what opening a list says, and BAD_FILE for a row without an id or with one that another row has.
 */
export const readContacts = async (
  file: string,
  mapping: FieldMap | undefined,
  signal: AbortSignal,
): Promise<readonly LabelledContact[]> => {
  const options = { file, malformed: 'aside', signal } as const
  const list = await orThrow(openList(mapping === undefined ? options : { ...options, mapping }))
  const idHeader = list.mapping['id']
  if (idHeader === undefined) throw appError('BAD_MAPPING', `${shown(file)} has no column that is the id`, { file })
  const contacts: LabelledContact[] = []
  const rows = new Map<string, number>()
  for await (const batch of list.read(1)) {
    for (const { row, original, contact } of batch) {
      const id = contact._tag === 'Right' ? (contact.right.id ?? '') : (original[idHeader] ?? '')
      const other = rows.get(id)
      if (id === '') throw appError('BAD_FILE', `row ${row} of ${shown(file)} has no ${idHeader}`, { file, row })
      if (other !== undefined) {
        throw appError('BAD_FILE', `row ${row} of ${shown(file)} has the ${idHeader} of row ${other}: ${shown(id)}`, {
          file,
          row,
        })
      }
      rows.set(id, row)
      contacts.push({ id, contact: contact._tag === 'Right' ? contact.right : {} })
    }
  }
  return contacts
}

/** contact → SVID, from the columns `contact` and `voter`. Throws BAD_FILE for a contact that is there twice. */
export const readTruth = async (file: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>> => {
  const list = await orThrow(openList({ file, mapping: { id: 'contact', svid: 'voter' }, signal }))
  const truth = new Map<string, string>()
  for await (const batch of list.read(1)) {
    for (const { row, contact } of batch) {
      if (contact._tag === 'Left') continue
      const { id, svid } = contact.right
      if (id === undefined || svid === undefined) continue
      if (truth.has(id))
        throw appError('BAD_FILE', `row ${row} of ${shown(file)} repeats the contact ${shown(id)}`, { file, row })
      truth.set(id, svid)
    }
  }
  return truth
}
