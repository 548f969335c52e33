import { type AppError, appError } from '../src/errors.js'
import type { Placed } from './family.js'

/** An event that decodes but cannot follow what came before it: the store is damaged or was written by something else. */
export const badEvent = ({ event, stream, revision, position }: Placed, why: string): AppError =>
  appError('BAD_EVENT', `event ${revision} of stream ${stream} (${event.type}) can't be projected: ${why}`, {
    stream,
    revision,
    position,
  })
