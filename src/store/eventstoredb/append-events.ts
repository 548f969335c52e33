import type { EncodedEvent } from '../../../events/encode.js'
import { type AppError, appError, shown } from '../../errors.js'
import type { ExpectedRevision } from '../event-store.js'
import { firstRepeated, idReused, wrongRevision } from '../judge-clash.js'
import type { Answer, BatchAppender, Proposal } from './batch-appender.js'
import { metadataOf } from './stored-event.js'

/** The server takes 1 MiB at once unless told otherwise (MaxAppendSize); the rest is for how it counts. */
const appendBytes = 1_000_000
/** No message of the protocol is larger; a server that is told to take more than 1 MiB takes no more than this. */
const messageBytes = 4_000_000
/** Appends on their way at once: what the server writes, and what is read and sent meanwhile. */
const mostUnderWay = 6

const proposalOf = (event: EncodedEvent): Proposal => ({
  id: event.id,
  type: event.type,
  data: Buffer.from(event.body),
  metadata: metadataOf(event),
})

/** As the server counts. */
const sizeOf = ({ data, metadata, type }: Proposal): number => data.length + metadata.length + 2 * type.length

/** The same events always fall into the same batches, so that a retry meets them as they were written. */
function* appendBatches(events: readonly EncodedEvent[]): Generator<readonly Proposal[]> {
  let batch: Proposal[] = []
  let bytes = 0
  for (const event of events) {
    const proposal = proposalOf(event)
    const size = sizeOf(proposal)
    if (batch.length > 0 && bytes + size > appendBytes) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(proposal)
    bytes += size
  }
  if (batch.length > 0) yield batch
}

/** Where the last event stands. */
export interface Written {
  readonly revision: number
  readonly position: number | undefined
}

const tooLarge = (stream: string, [first]: readonly Proposal[], limit: number): AppError => {
  const size = first === undefined ? 0 : sizeOf(first)
  const text = `An event of ${size} bytes for ${shown(stream)} is more than EventStoreDB takes at once: ${limit}.`
  return appError('BAD_VALUE', text, { stream, id: first?.id ?? '', size, limit })
}

/** Throws what an answer is a refusal of. */
const writtenOr = (
  answer: Answer,
  { stream, expected, batch }: { stream: string; expected: ExpectedRevision; batch: readonly Proposal[] },
): Written => {
  if (answer.kind === 'written') return answer
  if (answer.kind === 'wrong revision') {
    throw expected === 'any'
      ? idReused(stream, batch[0]!.id, undefined)
      : wrongRevision(stream, expected, answer.actual)
  }
  throw tooLarge(stream, batch, answer.limit)
}

/**
 * Appends in batches at successive revisions, several under way at once: each is atomic, and none is written unless the
 * one before it was. Throws WRONG_REVISION, EVENT_ID_REUSED, BAD_VALUE (an event that the server has no room for),
 * SERVER_UNREACHABLE.
 */
export const appendAll = async (
  appender: BatchAppender,
  stream: string,
  events: readonly EncodedEvent[],
  expected: ExpectedRevision,
): Promise<Written> => {
  const repeated = firstRepeated(events.map(({ id }) => id))
  if (repeated !== undefined) throw idReused(stream, repeated, undefined)
  const underWay: Promise<Written>[] = []
  let last: Written = { revision: -1, position: undefined }
  let at = expected
  try {
    for (const batch of appendBatches(events)) {
      if (sizeOf(batch[0]!) > messageBytes) throw tooLarge(stream, batch, messageBytes)
      const answer = appender.append(stream, batch, at)
      const written = answer.then((one) => writtenOr(one, { stream, expected, batch }))
      // met in its turn, not as an unhandled rejection meanwhile
      written.catch(() => undefined)
      underWay.push(written)
      // where a first batch went that may go anywhere, the others must follow
      if (at === 'any') at = (await written).revision
      else at += batch.length
      if (underWay.length >= mostUnderWay) last = await underWay.shift()!
    }
    while (underWay.length > 0) last = await underWay.shift()!
    return last
  } catch (error) {
    // nothing of this append is on its way any more when it is tried again
    await Promise.allSettled(underWay)
    throw error
  }
}
