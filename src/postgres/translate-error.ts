import { type AppError, appError, isAppError, shown } from '../errors.js'

/** A server that was there and went away: its socket, or its last words (57P01 to 57P04: it was told to end, or crashed). */
const brokenCode = /^(ECONNRESET|EPIPE|57P0[124])$/
const brokenText =
  /^(Connection terminated(?! due to connection timeout)|Client has encountered a connection error|Client was closed)/

const networkCodes = new Set(['ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** What pg says without a code when nobody answered in time, or not as wanted. */
const unreachableText =
  /^(Connection terminated due|timeout expired|timeout exceeded when|The server does not support SSL)/

/** SQLSTATE classes 08 (connection), 57P (shutdown), 28 (who are you), 53 (resources), and a database that isn't there. */
const unreachableState = /^(08|57P|28|53)|^3D000$/

const codeOf = (error: Error): string => {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : ''
}

/** Where a URL points, without user and password: `127.0.0.1:5432/matchbook`. */
const placeOf = (url: string): string => {
  try {
    const { host, pathname } = new URL(url)
    return `${host}${pathname}`
  } catch {
    return 'a database URL that is no URL'
  }
}

/**
 * Turns what pg throws into the catalogue's errors, once, at the edge. Undefined: not an expected failure (a wrong
 * statement, a broken constraint), so a bug to be thrown on. AppErrors pass through.
 * Source of the codes: PostgreSQL documentation, appendix A.
 */
export const translateError = (error: unknown, url: string): AppError | undefined => {
  if (isAppError(error)) return error
  if (!(error instanceof Error)) return undefined
  const code = codeOf(error)
  const said = `${placeOf(url)}: ${error.message || code}`
  if (code === '53100' || code === 'ENOSPC') return appError('DISK_FULL', `The disk of the database is full, ${said}`)
  if (brokenCode.test(code) || (code === '' && brokenText.test(error.message)))
    return appError(
      'SERVER_UNREACHABLE',
      `The connection to the database ${placeOf(url)} broke off; what was recorded is safe, run it again`,
      { said: error.message },
    )
  if (networkCodes.has(code) || unreachableState.test(code) || (code === '' && unreachableText.test(error.message)))
    return appError(
      'SERVER_UNREACHABLE',
      `The database can't be reached, ${said}`,
      code === '' ? {} : { sqlstate: code },
    )
  if (code === '40001' || code === '40P01' || code === '55P03')
    return appError('BUSY', `Another command holds the same rows, ${said}`, { sqlstate: code })
  if (code === '22021' || code === '22P05')
    return appError('BAD_VALUE', `The database can't store a text: ${shown(error.message)}`, { sqlstate: code })
  if (code === '42501' || code === '25006')
    return appError('BAD_USAGE', `The database user lacks a right, ${said}`, { sqlstate: code })
  return undefined
}
