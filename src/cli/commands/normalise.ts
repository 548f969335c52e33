import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import { appError, shown } from '../../errors.js'
import { parseAddress, streetKey, unitKey } from '../../normalise/address.js'
import { parseDate } from '../../normalise/date.js'
import { parseEmail } from '../../normalise/email.js'
import { nameKey, parseFullName } from '../../normalise/name.js'
import { parsePhone } from '../../normalise/phone.js'
import { parseZip, zipKey } from '../../normalise/zip.js'
import type { Commands } from '../context.js'
import { writeLines } from '../write-lines.js'

interface Normalised {
  readonly parts: unknown
  readonly key: string
}

const normalisers: Readonly<Record<string, (text: string, today: string) => Normalised>> = {
  name: (text) => {
    const { persons } = parseFullName(text)
    const [first] = persons
    return {
      parts: persons.length === 1 ? first : persons,
      key: first === undefined ? '' : [nameKey(first.first), nameKey(first.last)].filter((k) => k !== '').join(' '),
    }
  },
  address: (text) => {
    const parts = parseAddress(text)
    return { parts, key: [parts.number, streetKey(parts), unitKey(parts)].filter((k) => k !== '').join(' ') }
  },
  phone: (text) => {
    const parts = parsePhone(text) ?? null
    return { parts, key: parts?.e164 ?? '' }
  },
  email: (text) => {
    const parts = parseEmail(text) ?? null
    return { parts, key: parts?.address ?? '' }
  },
  date: (text, today) => {
    const parts = parseDate(text, today) ?? null
    return { parts, key: parts === null ? '' : parts.date || parts.year }
  },
  zip: (text) => ({ parts: parseZip(text) ?? null, key: zipKey(text) }),
}

export const addNormalise = (program: Command, { shell }: Commands): void => {
  program
    .command('normalise')
    .description('show how values are normalised before they are compared')
    .argument('<kind>', Object.keys(normalisers).join(', '))
    .argument('[value...]', 'else lines of stdin')
    .action(async (kind: string, values: readonly string[]) => {
      const normalise = normalisers[kind]
      if (normalise === undefined) {
        throw appError('BAD_USAGE', `${shown(kind)} is none of ${Object.keys(normalisers).join(', ')}`, { kind })
      }
      const { output } = shell()
      const today = new Date().toISOString().slice(0, 10)
      const one = (input: string) => ({ input, ...normalise(input, today) })
      const text = ({ input, parts, key }: ReturnType<typeof one>): string =>
        `${input} → ${key === '' ? '(nothing)' : key}  ${JSON.stringify(parts)}`
      async function* answers(): AsyncGenerator<string> {
        for await (const input of values.length > 0 ? values : createInterface({ input: process.stdin })) {
          yield output.json ? JSON.stringify(one(input)) : text(one(input))
        }
      }
      await writeLines(answers())
    })
}
