import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { DomainEvent } from '../../../events/catalogue.js'
import { sha256 } from '../../../events/sha256.js'
import type { Placed } from '../../../projections/family.js'
import type { StoredEvent } from '../../store/event-store.js'
import { checkEvent } from '../check-event.js'
import type { Finding } from '../finding.js'
import { Frontier } from '../merkle.js'
import { verifyConsistency, verifyInclusion } from '../merkle-verify.js'
import { isTreeOf, type SignedHead, type StreamTree } from '../signed-head.js'
import { BundledEvent, type Proofs } from './manifest.js'
import { holderPath, nobodyId } from './withhold.js'

export interface CheckedEvents {
  readonly count: number
  readonly withheld: number
  readonly types: ReadonlyMap<string, number>
  /** the events, read; only when they are kept */
  readonly placed: readonly Placed[]
  readonly findings: readonly Finding[]
}

const mostFindings = 1_000
const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex')

/** A stretch of a stream that is followed leaf by leaf. */
interface Followed {
  readonly tree: Frontier
  readonly end: number
  readonly path: readonly Buffer[]
}

/**
 * Checks each line of `events.jsonl` as it is read: the event's hash, form and place, and its proof. Memory holds a
 * frontier a stretch, and the events themselves when they are kept.
 */
export const checkEvents = async (
  bytes: AsyncIterable<Buffer>,
  head: SignedHead,
  proofs: Proofs,
  keep: boolean,
): Promise<CheckedEvents> => {
  const findings: Finding[] = []
  const find = (finding: Finding): void => {
    if (findings.length < mostFindings) findings.push(finding)
  }
  const trees = new Map<string, StreamTree>()
  for (const proof of proofs.trees) {
    if (isTreeOf(head, proof)) trees.set(proof.tree.stream, proof.tree)
    else find({ stream: proof.tree.stream, fault: 'its tree is not in the signed head' })
  }
  const paths = new Map(proofs.events.map(({ position, path }) => [position, path.map(bytesOf)]))
  const followed = new Map<string, Followed>()
  for (const { stream, frontier, events, path } of proofs.stretches) {
    const tree = Frontier.restore(frontier)
    if (tree._tag === 'Left') find({ stream, fault: tree.left })
    else followed.set(stream, { tree: tree.right, end: tree.right.size + events, path: path.map(bytesOf) })
  }
  const placed: Placed[] = []
  const types = new Map<string, number>()
  let count = 0
  let withheld = 0
  let last = -1
  for await (const line of createInterface({ input: Readable.from(bytes), crlfDelay: Number.POSITIVE_INFINITY })) {
    // whose every line is wrong is no list of events: a small archive can unpack to lines without end
    if (findings.length === mostFindings) break
    count++
    const one = readLine(line)
    if (one === undefined) {
      find({ stream: 'events.jsonl', fault: `line ${count} is no event` })
      continue
    }
    const { stream, revision, position } = one
    // a person's story is told in this order
    if (keep && position <= last) find({ stream, revision, position, fault: 'it stands behind a later event' })
    last = position
    const { event, fault } = checkLine(one)
    const unproved = fault ?? placeFault(one, trees.get(stream), paths.get(position), followed.get(stream))
    if (unproved !== undefined)
      find({ stream, revision, position, ...(event === undefined ? {} : { id: event.id }), fault: unproved })
    if (one.withheld !== undefined) withheld++
    if (event === undefined) continue
    types.set(event.type, (types.get(event.type) ?? 0) + 1)
    if (keep) placed.push({ stream, revision, position, event })
  }
  for (const [stream, one] of followed) {
    const fault = endFault(one, trees.get(stream))
    if (fault !== undefined) find({ stream, revision: one.tree.size, fault })
  }
  return { count, withheld, types, placed, findings }
}

const readLine = (line: string): BundledEvent | undefined => {
  try {
    const result = BundledEvent.decode(JSON.parse(line))
    return result._tag === 'Right' ? result.right : undefined
  } catch {
    return undefined
  }
}

/** The event by itself. A text with a withheld value has another hash: only the one value that may be withheld is. */
const checkLine = ({ withheld, ...one }: BundledEvent): { readonly event?: DomainEvent; readonly fault?: string } => {
  const hash = withheld === undefined ? bytesOf(one.sha256) : sha256(one.body)
  const { event, fault } = checkEvent(storedOf(one, hash))
  if (event === undefined || fault !== undefined) return { fault: fault ?? 'it can not be read' }
  if (withheld === undefined) return { event }
  const isHolder = withheld.length === 1 && withheld[0] === holderPath && event.type === 'MatchDecided'
  const isWithheld = isHolder && event.data.decision.duplicateOf === nobodyId
  return isWithheld ? { event } : { event, fault: `only ${holderPath} may be withheld` }
}

/** Columns that stand in the text are taken from there. */
const storedOf = ({ stream, revision, position, body }: BundledEvent, hash: Buffer): StoredEvent => {
  const { id, type, meta } = parsed(body)
  return { stream, revision, position, body, sha256: hash, id, type, recordedAt: meta?.recordedAt } as StoredEvent
}

const parsed = (body: string): { id?: unknown; type?: unknown; meta?: { recordedAt?: unknown } } => {
  try {
    return JSON.parse(body) ?? {}
  } catch {
    return {}
  }
}

const placeFault = (
  { revision, sha256: leaf }: BundledEvent,
  tree: StreamTree | undefined,
  proof: readonly Buffer[] | undefined,
  followed: Followed | undefined,
): string | undefined => {
  if (tree === undefined) return 'its stream is not in the signed head'
  if (followed !== undefined) {
    if (followed.tree.size !== revision) return `event ${followed.tree.size} is due: dropped, or out of order`
    followed.tree.append(bytesOf(leaf))
    return undefined
  }
  if (proof === undefined) return 'there is no proof that it is in the log'
  const { size, root } = tree
  const isProved = verifyInclusion({ leaf: bytesOf(leaf), revision, size, root: bytesOf(root), proof })
  return isProved ? undefined : 'it is not in the signed log: edited, moved or inserted'
}

const endFault = ({ tree, end, path }: Followed, head: StreamTree | undefined): string | undefined => {
  if (tree.size !== end) return `it ends here, but goes on to event ${end - 1}: cut off`
  if (head === undefined) return 'its stream is not in the signed head'
  const isProved = verifyConsistency({
    ...{ oldSize: tree.size, oldRoot: tree.root(), size: head.size, root: bytesOf(head.root) },
    proof: path,
  })
  return isProved ? undefined : 'its events are not those of the signed log: edited, swapped or inserted'
}
