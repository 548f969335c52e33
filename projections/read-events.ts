import { decodeEvent } from '../events/encode.js'
import { appError } from '../src/errors.js'
import type { EventStore, ReadOptions, StoredEvent } from '../src/store/event-store.js'
import type { Placed } from './family.js'

/** Throws the AppError BAD_EVENT, which names stream, revision and every failing path. */
const decodePlaced = ({ body, position, stream, revision }: StoredEvent): Placed => {
  const decoded = decodeEvent(body)
  if (decoded._tag === 'Right') return { event: decoded.right, position, stream, revision }
  throw appError('BAD_EVENT', `event ${revision} of stream ${stream} can't be read: ${decoded.left}`, {
    stream,
    revision,
    position,
    path: decoded.left,
  })
}

/**
 * Decoded batches in position order. The next batch is read and decoded while the caller works on this one, so memory
 * holds two batches and the store's server is not waited for.
 */
export async function* readEvents(store: EventStore, options: ReadOptions): AsyncGenerator<readonly Placed[]> {
  const batches = store.readAll(options)[Symbol.asyncIterator]()
  const take = async (): Promise<readonly Placed[] | undefined> => {
    const { value, done } = await batches.next()
    return done === true ? undefined : (value as readonly StoredEvent[]).map(decodePlaced)
  }
  try {
    for (let reading = take(); ; ) {
      const batch = await reading
      if (batch === undefined) return
      reading = take()
      // a failure of the read-ahead is met at the next turn, not as an unhandled rejection meanwhile
      reading.catch(() => undefined)
      yield batch
    }
  } finally {
    await batches.return?.(undefined)
  }
}
