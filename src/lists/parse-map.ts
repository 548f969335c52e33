import { readFile } from 'node:fs/promises'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { contactFields } from '../../events/contact.js'
import { type AppError, appError, shown } from '../errors.js'

/** Field → header, as a user gives it. A header may be several joined by `+`: their cells are put together. */
export type FieldMap = Readonly<Record<string, string>>

const extraField = /^extra\.(?!__proto__$)[^\s=,]+$/

export const isExtraField = (field: string): boolean => extraField.test(field)

const isField = (field: string): boolean => (contactFields as readonly string[]).includes(field) || isExtraField(field)

/**
 * A map from its text: JSON (`{"field": "Header"}`) or `field=Header,field=Header`. Fields are the contract's and
 * `extra.NAME`. A comma belongs to a header unless `field=` follows it. Left: BAD_MAPPING, naming what is wrong.
 */
export const parseMap = (text: string): Either<AppError, FieldMap> => {
  const entries = text.trim().startsWith('{') ? fromJson(text) : fromPairs(text)
  return entries._tag === 'Left' ? entries : checked(entries.right)
}

/** A map as a command takes it: the map itself or the name of a JSON file. Left: BAD_MAPPING. */
export const readMap =
  (argument: string): TaskEither<AppError, FieldMap> =>
  async () => {
    const isMap = argument.trim().startsWith('{') || (argument.includes('=') && !argument.endsWith('.json'))
    if (isMap) return parseMap(argument)
    try {
      return parseMap((await readFile(argument, 'utf8')).replace(/^\ufeff/, ''))
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const message = `The map ${shown(argument)} is neither field=Header,… nor a file that can be read: ${reason}`
      return left(appError('BAD_MAPPING', message, { file: argument }))
    }
  }

type Entries = readonly (readonly [field: string, header: unknown])[]

const fromJson = (text: string): Either<AppError, Entries> => {
  try {
    return right(Object.entries(JSON.parse(text) as Record<string, unknown>))
  } catch (error) {
    return left(appError('BAD_MAPPING', `The map is no JSON object: ${(error as SyntaxError).message}`))
  }
}

const fromPairs = (text: string): Either<AppError, Entries> => {
  const pairs = text.split(/,(?=\s*[\w.-]+\s*=)/).filter((pair) => pair.trim() !== '')
  const broken = pairs.find((pair) => !pair.includes('='))
  if (broken !== undefined || pairs.length === 0) {
    return left(
      appError('BAD_MAPPING', `The map ${shown(broken ?? text)} is not of the form field=Header,field=Header`),
    )
  }
  return right(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim()]))
}

const checked = (entries: Entries): Either<AppError, FieldMap> => {
  const map: Record<string, string> = {}
  for (const [field, header] of entries) {
    if (!isField(field)) return left(unknownField(field))
    if (typeof header !== 'string' || header.trim() === '') {
      return left(appError('BAD_MAPPING', `The map gives field ${field} no header but ${shown(header)}`, { field }))
    }
    if (map[field] !== undefined) {
      return left(appError('BAD_MAPPING', `The map names field ${field} twice: ${map[field]}, ${header}`, { field }))
    }
    map[field] = header.trim()
  }
  return right(map)
}

const unknownField = (field: string): AppError =>
  appError(
    'BAD_MAPPING',
    `The map names field ${shown(field)}, which there is not. Fields: ${contactFields.join(', ')}, extra.NAME`,
    { field },
  )
