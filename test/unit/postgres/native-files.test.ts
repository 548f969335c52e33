import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { majorOf, type Native, program, runnableNative } from '../../../src/postgres/native-files.js'

const isRoot = process.getuid?.() === 0
/** Nobody that owns anything here. */
const stranger = { uid: 4_000_000, gid: 4_000_000 }

let parent: string
let copies: string
let installed: Native

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'matchbook-native-'))
  chmodSync(parent, 0o755)
  copies = join(parent, 'copies')
  mkdirSync(copies, { mode: 0o755 })
  const folder = join(parent, 'package', 'native')
  for (const name of ['bin', 'lib']) mkdirSync(join(folder, name), { recursive: true })
  for (const name of ['initdb', 'postgres']) writeFileSync(join(folder, 'bin', name), name, { mode: 0o755 })
  writeFileSync(join(folder, 'lib/libpq.so.5.18'), 'library', { mode: 0o644 })
  writeFileSync(join(folder, 'lib/libpq.a'), 'for compilers')
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
  writeFileSync(join(folder, 'pg-symlinks.json'), JSON.stringify(links))
  installed = { folder, version: '18.4.0-beta.17' }
})

afterEach(() => {
  chmodSync(join(installed.folder, 'lib'), 0o755)
  chmodSync(join(parent, 'package'), 0o755)
  rmSync(parent, { recursive: true, force: true })
})

test('given an install script that did not run, then the links are made in place, once', async () => {
  expect(await runnableNative(installed, undefined, copies)).toEqual(installed)
  expect(readFileSync(join(installed.folder, 'lib/libpq.so.5'), 'utf8')).toBe('library')
  expect(await runnableNative(installed, undefined, copies)).toEqual(installed)
})

test('given a folder that the user can not reach, then a copy that he can run, made once and without what it needs not', async () => {
  chmodSync(join(parent, 'package'), 0o700)
  chmodSync(join(installed.folder, 'lib/libpq.so.5.18'), 0o600)
  const copied = await runnableNative(installed, stranger, copies)
  expect(copied.folder.startsWith(copies)).toBe(true)
  expect(statSync(program(copied, 'postgres')).mode & 0o777).toBe(0o755)
  expect(statSync(join(copied.folder, 'lib/libpq.so.5')).mode & 0o777).toBe(0o644)
  expect(lstatSync(join(copied.folder, 'lib/libpq.so.5')).isSymbolicLink()).toBe(true)
  expect(existsSync(join(copied.folder, 'lib/libpq.a'))).toBe(false)
  writeFileSync(join(copied.folder, 'mark'), '')
  expect(await runnableNative(installed, stranger, copies)).toEqual(copied)
  expect(existsSync(join(copied.folder, 'mark'))).toBe(true)
})

test('given several that copy at once, then all get the same whole copy', async () => {
  chmodSync(join(parent, 'package'), 0o700)
  const all = await Promise.all([1, 2, 3].map(() => runnableNative(installed, stranger, copies)))
  expect(new Set(all.map(({ folder }) => folder)).size).toBe(1)
  expect(readFileSync(join(all[0]!.folder, 'lib/libpq.so.5'), 'utf8')).toBe('library')
})

test('given a folder that the user can reach, then no copy', async () => {
  expect(await runnableNative(installed, stranger, copies)).toEqual(installed)
})

test.skipIf(isRoot)('given a read-only folder without the links, then a copy that has them', async () => {
  chmodSync(join(installed.folder, 'lib'), 0o555)
  const copied = await runnableNative(installed, undefined, copies)
  expect(copied.folder.startsWith(copies)).toBe(true)
  expect(readFileSync(join(copied.folder, 'lib/libpq.so.5'), 'utf8')).toBe('library')
})

test('the major version is what stands before the first point', () => {
  expect(majorOf('18.4.0-beta.17')).toBe('18')
})
