import { type AppError, isAppError } from '../errors.js'

const waitedFor: readonly AppError['code'][] = ['SERVER_UNREACHABLE', 'BUSY']

export const isWaitedFor = (error: unknown): error is AppError => isAppError(error) && waitedFor.includes(error.code)

/** A word about the second failure of a row and every tenth after it: a coordinator that still loads is none to tell of. */
export const isTold = (failures: number): boolean => failures % 10 === 2

/** Failures in a row: one after more was done than at the last one begins a new row. */
export const countFailures = () => {
  let count = 0
  let since = 0
  let before = 0
  return (done: number): { readonly count: number; readonly milliseconds: number } => {
    const now = Date.now()
    if (count === 0 || done > before) {
      count = 0
      since = now
    }
    before = done
    count++
    return { count, milliseconds: now - since }
  }
}
