import { appError } from '../errors.js'

/** Between two steps: throws INTERRUPTED when somebody has asked to stop. */
export const refuseInterrupted = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) throw appError('INTERRUPTED', 'Publishing was interrupted; run it again.')
}
