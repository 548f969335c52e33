import type { StoredEvent } from '../store/event-store.js'
import { type CheckedForm, checkForm, editedFault, isBesideItsColumns, isHashed } from './check-event.js'

/** Size and root that an ImportCompleted or RunCompleted carries of the tree before it. */
export interface CarriedRoot {
  readonly type: string
  readonly size: number
  readonly root: string
}

/**
 * What a log is put together from, of some events in order: where each stands and its leaf, as columns, so that a thread
 * hands them over without a copy; and what is wrong with each by itself.
 */
export interface CheckedBatch {
  readonly events: number
  /** the streams of the batch, and the place in them by event */
  readonly streams: readonly string[]
  readonly stream: Uint32Array
  readonly revision: Float64Array
  readonly position: Float64Array
  /** 32 bytes an event */
  readonly leaves: Uint8Array
  readonly faults: readonly { readonly place: number; readonly id: string; readonly fault: string }[]
  readonly roots: ReadonlyMap<number, CarriedRoot>
}

export const leafBytes = 32

/** Stream → how many of its events, from the first on, a signed tree holds. */
export type Vouched = ReadonlyMap<string, number>

const checked = (stored: StoredEvent, vouched: Vouched): CheckedForm => {
  if (!isHashed(stored)) return { fault: editedFault }
  const isVouched = stored.revision < (vouched.get(stored.stream) ?? 0)
  return isVouched && isBesideItsColumns(stored) ? {} : checkForm(stored)
}

/**
 * Checks events by themselves: text, hash, columns. Everything that takes time is done here, for one thread or several.
 * Events that are vouched for are not read again: their bytes were when they were signed, if the tree is still that one.
 */
export const checkBatch = (batch: readonly StoredEvent[], vouched: Vouched): CheckedBatch => {
  const names = new Map<string, number>()
  const stream = new Uint32Array(batch.length)
  const revision = new Float64Array(batch.length)
  const position = new Float64Array(batch.length)
  const leaves = new Uint8Array(batch.length * leafBytes)
  const faults: { place: number; id: string; fault: string }[] = []
  const roots = new Map<number, CarriedRoot>()
  batch.forEach((stored, place) => {
    const name = names.get(stored.stream) ?? names.size
    if (name === names.size) names.set(stored.stream, name)
    stream[place] = name
    revision[place] = stored.revision
    position[place] = stored.position
    // a leaf of another length is no hash: it stays zero, and the fault is told
    if (stored.sha256.length === leafBytes) leaves.set(stored.sha256, place * leafBytes)
    const { event, fault } = checked(stored, vouched)
    if (fault !== undefined) faults.push({ place, id: stored.id, fault })
    if (event?.type === 'ImportCompleted' || event?.type === 'RunCompleted') {
      const { size, root } = event.data
      roots.set(place, { type: event.type, size, root })
    }
  })
  return { events: batch.length, streams: [...names.keys()], stream, revision, position, leaves, faults, roots }
}

export const buffersOf = ({ stream, revision, position, leaves }: CheckedBatch): ArrayBuffer[] =>
  [stream, revision, position, leaves].map((array) => array.buffer as ArrayBuffer)
