import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Contact } from '../../../events/contact.js'
import { orThrow } from '../../../src/errors.js'
import { type ContactList, type ListRow, type OpenOptions, openList } from '../../../src/lists/open-list.js'

const today = '2026-02-01'

export const opened = (options: OpenOptions): Promise<ContactList> => orThrow(openList({ today, ...options }))

export const rowsOf = async (list: ContactList, fromRow = 1): Promise<ListRow[]> => {
  const rows: ListRow[] = []
  for await (const batch of list.read(fromRow)) rows.push(...batch)
  return rows
}

export const contactsOf = (rows: readonly ListRow[]): Contact[] =>
  rows.flatMap(({ contact }) => (contact._tag === 'Right' ? [contact.right] : []))

export const reasonsOf = (rows: readonly ListRow[]): (readonly [row: number, reason: string])[] =>
  rows.flatMap(({ row, contact }) => (contact._tag === 'Left' ? [[row, contact.left.reason] as const] : []))

export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'matchbook-lists-'))

export const fileIn = async (folder: string, name: string, content: string | Buffer): Promise<string> => {
  const file = join(folder, name)
  await writeFile(file, content)
  return file
}
