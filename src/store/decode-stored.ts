import type { DomainEvent } from '../../events/catalogue.js'
import { decodeEvent } from '../../events/encode.js'
import { appError } from '../errors.js'
import type { StoredEvent } from './event-store.js'

/** What a stored event says. Throws BAD_EVENT, which names stream, revision and every failing path. */
export const decodeStored = ({ body, position, stream, revision }: StoredEvent): DomainEvent => {
  const decoded = decodeEvent(body)
  if (decoded._tag === 'Right') return decoded.right
  throw appError('BAD_EVENT', `event ${revision} of stream ${stream} can't be read: ${decoded.left}`, {
    stream,
    revision,
    position,
    path: decoded.left,
  })
}
