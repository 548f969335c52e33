import type { Contact } from '../../events/contact.js'
import type { PreparedContact, PreparedPerson } from '../match/prepared.js'
import { parseAddress } from '../normalise/address.js'
import {
  birthValue,
  cityValue,
  extraValue,
  nameValue,
  soundexValue,
  streetValue,
  unitValue,
  zipValue,
} from '../normalise/match-values.js'
import { nicknamesOf } from '../normalise/nickname.js'

/** A decoded contact in the normalised form of the voter index. */
export const prepareContact = (contact: Contact): PreparedContact => {
  const address = parseAddress(contact.address1 ?? '', contact.address2, contact.house_number)
  const first = nameValue(contact.first_name ?? '')
  const last = nameValue(contact.last_name ?? '')
  return {
    svid: contact.svid ?? '',
    first,
    middle: nameValue(contact.middle_name ?? ''),
    last,
    suffix: contact.suffix ?? '',
    // as in the register's index: who says neither can't agree or disagree with anything
    sex: contact.sex === 'U' ? '' : (contact.sex ?? ''),
    birthDate: birthValue(contact.birth_date ?? '', contact.birth_year ?? ''),
    number: address.number,
    street: streetValue(address),
    unit: unitValue(address),
    city: cityValue(contact.city ?? ''),
    zip: zipValue(contact.zip ?? ''),
    phone: contact.phone ?? '',
    email: contact.email ?? '',
    soundex: soundexValue(last),
    nicknames: nicknamesOf(first),
    extras: extraValues(contact.extra),
  }
}

const extraValues = (extra: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(extra).map(([name, value]) => [name, extraValue(value)]))

/** What a run knows of a person before matching: its contacts as the `person` table keeps them, and its pins. */
export interface RawPerson {
  /** JSON: [{contact}, {same}, …]; only entries with a `contact` say something new */
  readonly contacts: string
  readonly excluded: PreparedPerson['excluded']
}

export const preparePerson = ({ contacts, excluded }: RawPerson): PreparedPerson => {
  const given = (JSON.parse(contacts) as readonly { readonly contact?: Contact }[]).flatMap(({ contact }) =>
    contact === undefined ? [] : [contact],
  )
  return prepareContacts(given, excluded)
}

/** A person of some contacts. */
export const prepareContacts = (
  contacts: readonly Contact[],
  excluded: PreparedPerson['excluded'] = [],
): PreparedPerson => {
  const states = new Set(contacts.flatMap(({ state }) => (state === undefined ? [] : [state])))
  return { contacts: contacts.map(prepareContact), states: [...states], excluded }
}
