import type { Contact } from './contact.js'

export const contactColumns =
  'id,first_name,middle_name,last_name,suffix,sex,birth_date,address1,address2,city,state,zip,phone,email'

/** A contact as a line of `contacts.csv`, in the form in which it was made. No value holds a comma or a quote. */
export const contactRow = (id: string, c: Contact): string =>
  `${id},${c.first},${c.middle},${c.last},${c.suffix},${c.sex},${c.birthDate},${c.address1},${c.address2},${c.city},${c.state},${c.zip},${c.phone},${c.mail}\n`
