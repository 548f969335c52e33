import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { contactsOf, opened, reasonsOf, rowsOf } from './read-rows.js'

const read = async (name: string) => {
  const list = await opened({ file: fileURLToPath(new URL(`exports/${name}.csv`, import.meta.url)) })
  const rows = await rowsOf(list)
  expect(reasonsOf(rows)).toEqual([])
  expect(rows.length).toBe(list.rows)
  return { list, contacts: contactsOf(rows) }
}

const name = { first_name: 'Marisol', last_name: 'Quillfeather' }
const reached = { phone: '+18505550134', email: 'marisol.q@example.org' }
const inOneLine = { address1: '12 Tern Way, Unit B', city: 'Apalachicola', state: 'FL', zip: '32320' }
const inTwoLines = { ...inOneLine, address1: '12 Tern Way', address2: 'Unit B' }
const registered = { ...name, middle_name: 'A', sex: 'F', birth_date: '1970-02-03', svid: '001234567' }

describe('the export of', () => {
  it('ActBlue', async () => {
    const { contacts } = await read('actblue')
    expect(contacts[0]).toMatchObject({ id: 'AB0001', ...name, ...reached, ...inOneLine })
    expect(contacts[0]?.custom).toMatchObject({ Amount: '25.00', 'Employer City': 'Apalachicola' })
    expect(contacts[1]).toMatchObject({ last_name: 'Underhay', suffix: 'III', zip: '02138' })
  })

  it('VAN', async () => {
    const { list, contacts } = await read('van')
    expect(list.delimiter).toBe('\t')
    const address = { ...inOneLine, address1: '12 Tern Way Unit B' }
    expect(contacts[0]).toMatchObject({ id: '1045001', ...registered, ...reached, ...address })
    expect(contacts[0]?.custom).toEqual({ Party: 'NPA', Zip4: '1234', 'Home Phone': '(850) 555-0199' })
    expect(contacts[1]).toMatchObject({ svid: 'FL9912345', birth_date: '1988-11-30', suffix: 'III' })
  })

  it('NationBuilder', async () => {
    const { contacts } = await read('nationbuilder')
    expect(contacts[0]).toMatchObject({ id: '501', county: 'Franklin', ...registered, ...reached, ...inTwoLines })
    expect(contacts[0]?.custom).toMatchObject({ phone_number: '850-555-0199', mailing_address1: 'PO Box 9' })
    expect(contacts[1]).toMatchObject({ first_name: 'Tobias', last_name: 'Underhay' })
    expect(contacts[1]?.custom).toMatchObject({ second_person: 'Ines Underhay' })
  })

  it('Mailchimp', async () => {
    const { contacts } = await read('mailchimp')
    expect(contacts[0]).toMatchObject({ id: '77001', ...name, ...reached, ...inTwoLines })
    expect(contacts[0]?.custom).toMatchObject({
      Birthday: '02/03',
      TAGS: '"bay","nurse"',
      'Email Address': 'Marisol.Q+news@example.org',
    })
  })

  it('L2', async () => {
    const { contacts } = await read('l2')
    expect(contacts[0]).toMatchObject({ id: 'LALFL1001', ...registered, phone: reached.phone, ...inTwoLines })
    expect(contacts[1]).toMatchObject({ birth_year: '1988', address1: '77 Heron Rd', suffix: 'III' })
  })

  it('TargetSmart', async () => {
    const { contacts } = await read('targetsmart')
    const address = { address1: '12 TERN WAY UNIT B', city: 'APALACHICOLA', county: 'FRANKLIN', zip: '32320' }
    expect(contacts[0]).toMatchObject({ id: 'FL-77001', ...registered, phone: reached.phone, ...address })
    expect(contacts[1]).toMatchObject({ birth_year: '1988', suffix: 'III', sex: 'M' })
  })

  it('i360', async () => {
    const { list, contacts } = await read('i360')
    expect(list.delimiter).toBe(';')
    expect(contacts[0]).toMatchObject({ id: '88001', ...registered, ...reached, ...inTwoLines })
  })
})
