import { type AppError, appError, isAppError } from '../../errors.js'

/** What the client calls failures of the server, of the way to it, or of who we are to it. */
const unreachableTypes = new Set([
  'unavailable',
  'deadline-exceeded',
  'timeout',
  'cancelled',
  'not-leader',
  'access-denied',
])

/** Status codes of gRPC: cancelled, deadline exceeded, permission denied, exhausted, aborted, unavailable, unauthenticated. */
const unreachableStatus = new Set([1, 4, 7, 8, 10, 14, 16])

const unreachableText = /Not Ready|Too? ?Busy|No leader info|Failed to discover|write after end/i

/**
 * Turns what the client or gRPC throws into the catalogue's errors, once, at the edge. Undefined: not an expected
 * failure, so a bug to be thrown on. AppErrors pass through.
 */
export const translateError = (error: unknown, place: string): AppError | undefined => {
  if (isAppError(error)) return error
  if (!(error instanceof Error)) return undefined
  const { type, code } = error as { type?: unknown; code?: unknown }
  if (type === 'stream-deleted') {
    return appError('CHECK_FAILED', `a stream was deleted from EventStoreDB ${place}: ${error.message}`)
  }
  const isUnreachable =
    (typeof type === 'string' && unreachableTypes.has(type)) ||
    (typeof code === 'number' && unreachableStatus.has(code)) ||
    unreachableText.test(error.message)
  return isUnreachable ? unreachable(place, error.message) : undefined
}

export const unreachable = (place: string, why: string): AppError =>
  appError(
    'SERVER_UNREACHABLE',
    `EventStoreDB ${place} can't be reached; what was recorded is safe, run it again: ${why}`,
  )
