import type { Contact } from './contact.js'
import { hashOf } from './random.js'

const titled = (text: string): string => text.toLowerCase().replace(/(^|[\s'-])[a-z]/g, (start) => start.toUpperCase())

/** Seven in ten people write capitals where they belong, two only capitals, one none. */
const caseOf = (h: number): ((text: string) => string) => {
  const at = h % 10
  if (at < 7) return titled
  return at < 9 ? (text) => text : (text) => text.toLowerCase()
}

const phoneForms: readonly ((a: string, b: string, c: string) => string)[] = [
  (a, b, c) => `(${a}) ${b}-${c}`,
  (a, b, c) => `${a}-${b}-${c}`,
  (a, b, c) => `${a}${b}${c}`,
  (a, b, c) => `+1 ${a} ${b} ${c}`,
  (a, b, c) => `${a}.${b}.${c}`,
  (a, b, c) => `1-${a}-${b}-${c}`,
]

const roughPhone = (phone: string, h: number): string =>
  phone === '' ? '' : phoneForms[h % phoneForms.length]!(phone.slice(0, 3), phone.slice(3, 6), phone.slice(6))

const roughDate = (date: string, h: number): string => {
  const [year, month, day] = date.split('-')
  if (month === undefined || h % 5 < 2) return date
  return h % 5 === 2 ? `${Number(month)}/${Number(day)}/${year}` : `${month}/${day}/${year}`
}

const roughZip = (zip: string, h: number): string =>
  zip === '' || h % 12 > 0 ? zip : `${zip}-${1000 + (hashOf(h, 4) % 8900)}`

/** The same contact as people and programs write it: mixed case, phones, dates and ZIPs in many forms. */
export const rough = (contact: Contact, entry: number, seed: number): Contact => {
  const write = caseOf(hashOf(seed, entry, 1))
  const h = hashOf(seed, entry, 2)
  return {
    first: write(contact.first),
    middle: write(contact.middle),
    last: write(contact.last),
    suffix: write(contact.suffix),
    sex: contact.sex,
    birthDate: roughDate(contact.birthDate, h),
    address1: write(contact.address1),
    address2: write(contact.address2),
    city: write(contact.city),
    state: contact.state,
    zip: roughZip(contact.zip, h >>> 4),
    phone: roughPhone(contact.phone, h >>> 8),
    mail: h % 7 === 0 ? titled(contact.mail) : contact.mail,
  }
}
