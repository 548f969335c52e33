import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type AppError, appError, shown } from '../errors.js'

export type ContactValues = Readonly<Record<string, unknown>>

/** A contact from its text: a JSON object, or `field=value,field=value`, where a comma belongs to a value unless `field=` follows it. */
export const parseContact = (text: string): Either<AppError, ContactValues> =>
  text.trim().startsWith('{') ? fromJson(text) : fromPairs(text)

const unreadable = (message: string): Either<AppError, never> => left(appError('BAD_USAGE', message))

const fromJson = (text: string): Either<AppError, ContactValues> => {
  try {
    return right(JSON.parse(text) as ContactValues)
  } catch (error) {
    return unreadable(`The contact ${shown(text)} is no JSON object: ${(error as SyntaxError).message}`)
  }
}

const fromPairs = (text: string): Either<AppError, ContactValues> => {
  const values = new Map<string, string>()
  for (const pair of text.split(/,(?=\s*[\w. -]+=)/)) {
    const [name = '', ...rest] = pair.split('=')
    const field = name.trim()
    if (rest.length === 0 || field === '') {
      return unreadable(`The contact ${shown(pair)} is neither field=value,field=value nor a JSON object`)
    }
    if (values.has(field)) return left(appError('BAD_USAGE', `The contact gives ${shown(field)} twice`, { field }))
    values.set(field, rest.join('='))
  }
  return right(Object.fromEntries(values))
}
