import type { Contact } from '../../events/contact.js'
import { appError, orThrow, shown } from '../errors.js'
import { openList } from '../lists/open-list.js'
import type { FieldMap } from '../lists/parse-map.js'
import type { VoterIndex } from '../match/voter-index.js'
import { rowOfSvid } from '../match/voter-version.js'
import type { Truth } from './measure-links.js'
import { contactOf, type LabelledContacts } from './read-contacts.js'

/**
 * Reads the truth, a CSV with the columns contact and voter. Throws BAD_ROW for a contact that the list does not have or
 * that is there twice, BAD_MAPPING, and what opening a list says.
 */
export const readTruth = async (
  file: string,
  { places }: LabelledContacts,
  index: VoterIndex,
  signal: AbortSignal,
): Promise<Truth> => {
  const voters = new Int32Array(places.size).fill(-1)
  const rowOf = new Map<number, number>()
  let pairs = 0
  for await (const { row, place, label } of labels(file, { id: 'contact', svid: 'voter' }, places, signal)) {
    const before = rowOf.get(place)
    if (before !== undefined) throw labelFailure(file, row, `row ${before} has contact ${shown(label.id)} too`)
    rowOf.set(place, row)
    voters[place] = label.svid === undefined ? -1 : rowOfSvid(index, label.svid)
    if (voters[place]! >= 0) pairs++
  }
  return { voters, pairs }
}

/**
 * Reads what sets contacts apart from their voters, a CSV with the columns contact and kind, as `generate` writes it; the
 * contacts of each kind in list order. Throws as readTruth does.
 */
export const readKinds = async (
  file: string,
  { places }: LabelledContacts,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly number[]>> => {
  const kinds = new Map<string, Set<number>>()
  for await (const { row, place, label } of labels(file, { id: 'contact', 'extra.kind': 'kind' }, places, signal)) {
    const kind = label.extra?.['kind']
    if (kind === undefined) throw labelFailure(file, row, 'there is no kind')
    const contacts = kinds.get(kind) ?? new Set()
    kinds.set(kind, contacts.add(place))
  }
  return new Map([...kinds].map(([kind, contacts]) => [kind, [...contacts].sort((a, b) => a - b)]))
}

interface Label {
  readonly row: number
  /** the contact's place in the list */
  readonly place: number
  readonly label: Contact
}

async function* labels(
  file: string,
  mapping: FieldMap,
  places: ReadonlyMap<string, number>,
  signal: AbortSignal,
): AsyncGenerator<Label> {
  const list = await orThrow(openList({ file, mapping, signal, malformed: 'aside' }))
  for await (const rows of list.read(1)) {
    for (const row of rows) {
      const label = contactOf(file, row)
      const place = label.id === undefined ? undefined : places.get(label.id)
      if (place === undefined) {
        throw labelFailure(file, row.row, `the list has no contact ${shown(label.id ?? '')}`)
      }
      yield { row: row.row, place, label }
    }
  }
}

const labelFailure = (file: string, row: number, what: string) =>
  appError('BAD_ROW', `${shown(file)}, row ${row}: ${what}`, { file, row, field: 'contact' })
