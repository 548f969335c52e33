import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEmail } from '../../../src/normalise/email.js'

describe('e-mail addresses', () => {
  it.each([
    ['Pat.Doe@Example.COM', 'pat.doe@example.com', ''],
    ['pat+news@example.com', 'pat@example.com', 'news'],
    ['pat+a+b@example.com', 'pat@example.com', 'a+b'],
    ['+pat@example.com', '+pat@example.com', ''],
    [' mailto:pat@example.com?subject=hi ', 'pat@example.com', ''],
    ['"Pat Doe" <pat@example.com>', 'pat@example.com', ''],
    ['<pat@example.com>', 'pat@example.com', ''],
    ['pat@example.com,', 'pat@example.com', ''],
    ['pat@example.com; kim@example.com', 'pat@example.com', ''],
    ["o'brien@mail.example.co.uk", "o'brien@mail.example.co.uk", ''],
    ['josé@exämple.com', 'josé@exämple.com', ''],
  ])('%j is %j with tag %j', (given, address, tag) => {
    const email = parseEmail(given)
    expect(email).toMatchObject({ address, tag })
    expect(`${email?.user}@${email?.domain}`).toBe(address)
  })

  it.each([
    '',
    'pat',
    'pat@',
    '@example.com',
    'pat@example',
    'pat@@example.com',
    'pat doe@example.com',
    '.pat@example.com',
    'pat..doe@example.com',
    'pat@-example.com',
    'pat@example..com',
    'pat@1.2.3.4',
    `${'a'.repeat(65)}@example.com`,
    `${'a@'.repeat(5000)}`,
  ])('%j is none', (given) => {
    expect(parseEmail(given)).toBeUndefined()
  })

  it('never throw, and read themselves again without a tag', () => {
    const part = fc.string({ unit: fc.constantFrom(...'abcZ09+.-_@'), maxLength: 12 })
    fc.assert(
      fc.property(
        fc.oneof(
          fc.emailAddress(),
          fc.string({ unit: 'binary' }),
          fc.tuple(part, part).map((p) => p.join('@')),
        ),
        (s) => {
          const email = parseEmail(s)
          if (email !== undefined && !email.user.includes('+')) {
            expect(parseEmail(email.address)).toEqual({ ...email, tag: '' })
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
})
