import { type ContactField, contactFields } from '../../events/contact.js'
import { isPlaceholderName, parseFullName, splitSuffix } from '../normalise/name.js'

/** A contact while its row is decoded. */
export type Draft = { -readonly [K in ContactField]?: string } & {
  extra?: Record<string, string>
  custom?: Record<string, string>
}

/** Keeps a value with the custom fields. */
export const keep = (draft: Draft, header: string, value: string): void => {
  if (value !== '') (draft.custom ??= {})[header] = value
}

/** What fields say of each other: names from a full name, the suffix behind a last name, the house number of an address. */
export const completed = (draft: Draft, defaultState: string | undefined): Draft => {
  if (draft.full_name !== undefined && (draft.first_name === undefined || draft.last_name === undefined)) {
    fromFullName(draft, draft.full_name)
  }
  if (draft.last_name !== undefined) {
    const { last, suffix } = splitSuffix(draft.last_name)
    draft.last_name = last
    if (suffix !== '') draft.suffix ??= suffix
  }
  const { house_number: number, address1 } = draft
  if (number !== undefined) {
    delete draft.house_number
    if (address1 === undefined) draft.address1 = number
    else if (!startsWithNumber(address1, number)) draft.address1 = `${number} ${address1}`
  }
  if (defaultState !== undefined) draft.state ??= defaultState
  return inKeyOrder(draft)
}

const keysInOrder = [...contactFields, 'extra' as const, 'custom' as const].sort()

/** A copy with the keys in canonical order: see canonicalJson. */
const inKeyOrder = (draft: Draft): Draft => {
  const ordered: Record<string, unknown> = {}
  for (const key of keysInOrder) if (draft[key] !== undefined) ordered[key] = draft[key]
  return ordered
}

const startsWithNumber = (address: string, number: string): boolean =>
  address.startsWith(number) && !/^[\p{L}\d]/u.test(address.slice(number.length))

/** Fills the parts that are missing; a second person named in the field is kept with the custom fields. */
const fromFullName = (draft: Draft, fullName: string): void => {
  const [first, second] = parseFullName(fullName).persons
  if (first === undefined) return
  const parts = { first_name: first.first, middle_name: first.middle, last_name: first.last, suffix: first.suffix }
  for (const [field, value] of Object.entries(parts) as [keyof typeof parts, string][]) {
    if (value !== '' && !isPlaceholderName(value)) draft[field] ??= value
  }
  if (second !== undefined) {
    const names = [second.first, second.middle, second.last, second.suffix]
    keep(draft, 'second_person', names.filter((part) => part !== '').join(' '))
  }
}
