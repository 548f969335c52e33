import type { TextRow } from '../select-by-keys.js'
import { storable } from '../storable.js'
import type { SourcedContact } from './sourced-contact.js'

type Text = string | null

/** A row of `person` while contacts are folded into it. Every column is there from the start: see `Row`. */
export type PersonRow = {
  readonly tenant: string
  readonly id: string
  readonly pid: string
  first_name: Text
  middle_name: Text
  last_name: Text
  suffix: Text
  sex: Text
  birth_date: Text
  birth_year: Text | number
  address1: Text
  address2: Text
  city: Text
  state: Text
  zip: Text
  cell_phone: Text
  email: Text
  readonly import_source: string
  readonly import_date: string
  readonly import_batch_id: string
  readonly original_data: string
  version: string
  readonly position: string | number
  contacts: string
}

/** jsonb can't hold NUL, not even escaped. */
const originalJson = (original: Readonly<Record<string, string>>): string => {
  const json = JSON.stringify(original)
  if (!json.includes('\\u0000')) return json
  return JSON.stringify(Object.fromEntries(Object.entries(original).map((pair) => pair.map(storable))))
}

export const newPersonRow = ({ event, position, source }: SourcedContact): PersonRow => ({
  tenant: event.data.tenant,
  id: event.data.personId,
  pid: event.data.pid,
  first_name: null,
  middle_name: null,
  last_name: null,
  suffix: null,
  sex: null,
  birth_date: null,
  birth_year: null,
  address1: null,
  address2: null,
  city: null,
  state: null,
  zip: null,
  cell_phone: null,
  email: null,
  import_source: source,
  import_date: event.meta.recordedAt,
  import_batch_id: event.data.batch,
  original_data: originalJson(event.pii.original),
  version: '',
  position,
  contacts: '',
})

/** What was read of `person` is written back as it is, but for what a contact changes. */
export const storedPersonRow = (row: TextRow): PersonRow => ({ ...row }) as unknown as PersonRow
