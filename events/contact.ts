import * as t from 'io-ts'

/** The fields that a list can give of a person, after header mapping and cleaning; every value is text. */
export const contactFields = [
  'id',
  'svid',
  'full_name',
  'first_name',
  'middle_name',
  'last_name',
  'suffix',
  'sex',
  'birth_date',
  'birth_year',
  'address1',
  'address2',
  'house_number',
  'city',
  'county',
  'state',
  'zip',
  'phone',
  'email',
] as const

export type ContactField = (typeof contactFields)[number]

const texts = (names: readonly ContactField[]): Record<ContactField, t.StringC> =>
  Object.fromEntries(names.map((name) => [name, t.string])) as Record<ContactField, t.StringC>

/**
 * One contact as decoded: names split, birth date `YYYY-MM-DD`, state two letters, ZIP five digits, phone E.164, e-mail
 * lower case; absent fields are absent. `extra` is compared by name, `custom` is kept and never compared.
 */
export const Contact = t.partial({
  ...texts(contactFields),
  extra: t.record(t.string, t.string),
  custom: t.record(t.string, t.string),
})
export type Contact = t.TypeOf<typeof Contact>
