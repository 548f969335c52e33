import type { Either } from 'fp-ts/lib/Either.js'
import type { DomainEvent } from '../../events/catalogue.js'
import { decodeEvent } from '../../events/encode.js'
import { appError } from '../errors.js'
import type { StoredEvent } from './event-store.js'

/** What a stored event says. Throws BAD_EVENT, which names stream, revision and every failing path. */
export const decodeStored = (stored: StoredEvent): DomainEvent => orBadEvent(stored, decodeEvent(stored.body))

/** What was read of a stored event. Throws BAD_EVENT for what is wrong with it. */
export const orBadEvent = <A>(
  { position, stream, revision }: Pick<StoredEvent, 'position' | 'stream' | 'revision'>,
  decoded: Either<string, A>,
): A => {
  if (decoded._tag === 'Right') return decoded.right
  throw appError('BAD_EVENT', `event ${revision} of stream ${stream} can't be read: ${decoded.left}`, {
    stream,
    revision,
    position,
    path: decoded.left,
  })
}
