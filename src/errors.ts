import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { visible } from '../events/visible.js'

/**
 * The catalogue of expected failures: one place for code, message, exit code, HTTP status and whether trying again
 * can help. Expected failures travel as `Left<AppError>`; anything else that throws is a bug (exit 1).
 */
export const exitCodes = {
  done: 0,
  bug: 1,
  badInput: 2,
  conflict: 3,
  notFound: 4,
  unreachable: 5,
  checkFailed: 6,
  interrupted: 130,
} as const

interface Entry {
  readonly exit: number
  readonly http: number
  readonly retriable: boolean
}

const badInput: Entry = { exit: exitCodes.badInput, http: 422, retriable: false }
const conflict: Entry = { exit: exitCodes.conflict, http: 409, retriable: true }
const notFound: Entry = { exit: exitCodes.notFound, http: 404, retriable: false }
const unreachable: Entry = { exit: exitCodes.unreachable, http: 503, retriable: true }
const checkFailed: Entry = { exit: exitCodes.checkFailed, http: 500, retriable: false }

const catalogue = {
  BAD_USAGE: badInput,
  BAD_FILE: badInput,
  BAD_ROW: badInput,
  BAD_VALUE: badInput,
  BAD_MAPPING: badInput,
  BAD_RULESET: badInput,
  BAD_PLAN: badInput,
  VOTER_FILE_WITHDRAWN: badInput,
  NOTHING_LEARNT: badInput,
  BAD_EVENT: checkFailed,
  FILE_NOT_FOUND: notFound,
  PERSON_NOT_FOUND: notFound,
  VOTER_NOT_FOUND: notFound,
  VOTER_FILE_NOT_FOUND: notFound,
  RULESET_NOT_FOUND: notFound,
  RUN_NOT_FOUND: notFound,
  SETTING_NOT_FOUND: notFound,
  PLAN_NOT_FOUND: notFound,
  NO_CANDIDATE: conflict,
  VOTER_TAKEN: conflict,
  NOTHING_TO_UNDO: conflict,
  BATCH_EXISTS: conflict,
  WRONG_REVISION: conflict,
  PLAN_STALE: conflict,
  TARGET_DIFFERS: conflict,
  EVENT_ID_REUSED: conflict,
  BUSY: conflict,
  FENCED: conflict,
  SERVER_UNREACHABLE: unreachable,
  DISK_FULL: unreachable,
  WRONG_SERVER_VERSION: badInput,
  WRONG_TOPIC: badInput,
  CHECK_FAILED: checkFailed,
  INTERRUPTED: { exit: exitCodes.interrupted, http: 503, retriable: true },
} as const satisfies Record<string, Entry>

export type ErrorCode = keyof typeof catalogue

/** An expected failure. `message` is a whole sentence with the offending value in it; `details` names file, row, field. */
export interface AppError {
  readonly tag: 'AppError'
  readonly code: ErrorCode
  readonly message: string
  readonly details: Readonly<Record<string, string | number>>
}

export const appError = (
  code: ErrorCode,
  message: string,
  details: Readonly<Record<string, string | number>> = {},
): AppError => ({ tag: 'AppError', code, message, details })

export const exitCodeOf = (error: AppError): number => catalogue[error.code].exit

export const isAppError = (value: unknown): value is AppError =>
  typeof value === 'object' && value !== null && (value as { tag?: unknown }).tag === 'AppError'

/** Shows an offending value inside a message: quoted, controls and marks of direction escaped, cut at 80 characters. */
export const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return visible(JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}…` : text))
}

/** Inside `attempt`: the Right's value; a Left's AppError is thrown and comes out of the surrounding `attempt` again. */
export const orThrow = async <A>(task: TaskEither<AppError, A>): Promise<A> => rightOrThrow(await task())

export const rightOrThrow = <A>(either: Either<AppError, A>): A => {
  if (either._tag === 'Left') throw either.left
  return either.right
}

/** Long sequential work: AppErrors thrown by `orThrow` (or by iterators) become Left, everything else stays thrown. */
export const attempt =
  <A>(work: () => Promise<A>): TaskEither<AppError, A> =>
  async () => {
    try {
      return right(await work())
    } catch (error) {
      if (isAppError(error)) return left(error)
      throw error
    }
  }
