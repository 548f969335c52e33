import type { VoterIndex } from '../match/voter-index.js'
import { aligned, type Directory, headBytes, indexOver, type Section } from './index-layout.js'
import type { Codes } from './shared-arrays.js'

/*
 * Apart from `load-index.ts`: a worker thread needs this alone, and is ready in half of the time when it loads no more.
 */

export const directoryLength = (shared: SharedArrayBuffer): number => new DataView(shared).getUint32(12, true)

/** Where the first section begins. */
export const sectionsStart = (shared: SharedArrayBuffer): number => aligned(headBytes + directoryLength(shared))

export const textAt = (shared: SharedArrayBuffer, at: number, length: number): string =>
  Buffer.from(new Uint8Array(shared, at, length)).toString('utf8')

const indexes = new WeakMap<SharedArrayBuffer, VoterIndex>()

/**
 * The views of an index over shared memory that `loadIndex` has filled and checked, no copy: one a thread, by which what a
 * thread has made for an index is found again.
 */
export const indexFromShared = (shared: SharedArrayBuffer): VoterIndex => {
  const index = indexes.get(shared) ?? viewsOver(shared)
  indexes.set(shared, index)
  return index
}

const viewsOver = (shared: SharedArrayBuffer): VoterIndex => {
  const directory = JSON.parse(textAt(shared, headBytes, directoryLength(shared))) as Directory
  const start = sectionsStart(shared)
  const sections = new Map(directory.sections.map((section) => [section.name, section]))
  const view = ({ type, length, at }: Section): Codes => {
    if (type === 1) return new Uint8Array(shared, start + at, length)
    return type === 2 ? new Uint16Array(shared, start + at, length) : new Uint32Array(shared, start + at, length)
  }
  return indexOver(directory, (name) => {
    const section = sections.get(name)
    if (section === undefined) throw new Error(`the index has no section ${name}`)
    return view(section)
  })
}
