import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { orThrow } from '../../../src/errors.js'
import type { Publication, PublishRequest } from '../../../src/voters/publication.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'

/** A folder that goes when the test does. */
export const tempFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'voters-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface Case {
  readonly folder: string
  readonly dataDir: string
  readonly write: (name: string, content: string | Uint8Array) => string
  readonly request: (files: readonly string[], more?: Partial<PublishRequest>) => PublishRequest
}

export const newCase = (): Case => {
  const folder = tempFolder()
  const dataDir = path.join(folder, 'data')
  return {
    folder,
    dataDir,
    write: (name, content) => {
      const file = path.join(folder, name)
      writeFileSync(file, content)
      return file
    },
    request: (files, more = {}) => ({ dataDir, files, state: 'FL', format: 'auto', ...more }),
  }
}

export const publish = (request: PublishRequest): Promise<Publication> => orThrow(publishVoterFile(request))

/** What publishing fails with. */
export const failure = async (request: PublishRequest) => {
  const result = await publishVoterFile(request)()
  if (result._tag === 'Right') throw new Error(`published ${result.right.rows} rows`)
  return result.left
}

const cell = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

export const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\n`).join('')

/** A register that is the same every time. */
export const register = (voters: number): string => {
  const lines = ['svid,first_name,last_name,birth_date,address1,address2,city,zip,phone,email']
  for (let i = 0; i < voters; i++) {
    const mixed = Math.imul(i, 2654435761) >>> 0
    const name = `N${(mixed >>> 20).toString(36)}`.toUpperCase()
    const born = `${1 + (mixed % 12)}/${1 + (mixed % 28)}/${1930 + (mixed % 70)}`
    const unit = mixed % 5 === 0 ? `APT ${mixed % 300}` : ''
    const street = `${1 + (mixed % 9999)} ${name.slice(0, 2)} STREET ${mixed % 97}`
    lines.push(
      `${String(i).padStart(9, '0')},${name},${name}SON,${born},${street},${unit},CITY${mixed % 50},${33000 + (mixed % 900)},305555${String(mixed % 10_000).padStart(4, '0')},${name}${i}@example.com`,
    )
  }
  return `${lines.join('\n')}\n`
}

export const published = async (given: Case, voters: number) =>
  publish(given.request([given.write('v.csv', register(voters))]))

export const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')
