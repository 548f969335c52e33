import { readFile } from 'node:fs/promises'
import { appError, shown } from '../errors.js'
import { fileFailure } from '../file-failure.js'
import type { Ruleset } from '../match/ruleset.js'
import { decodeRuleset, shippedNames, shippedRuleset } from './rulesets.js'

/** A ruleset without a store: one that comes with the program by its name, else a JSON file. Throws BAD_RULESET, RULESET_NOT_FOUND. */
export const readRuleset = async (ref: string): Promise<Ruleset> => {
  const shipped = shippedRuleset(ref)
  if (shipped !== undefined) return shipped
  return decodeRuleset(parsed(ref, await textOf(ref)), shown(ref))
}

const textOf = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (fileFailure(error, file)?.code === 'FILE_NOT_FOUND') {
      const message = `${shown(file)} is neither a file nor one of the rulesets ${shippedNames.join(', ')}`
      throw appError('RULESET_NOT_FOUND', message, { ruleset: file })
    }
    throw appError('BAD_RULESET', `The ruleset ${shown(file)} can't be read: ${(error as Error).message}`, { file })
  }
}

const parsed = (file: string, text: string): unknown => {
  let value: unknown
  try {
    // some editors begin a file with a mark of its encoding
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw appError('BAD_RULESET', `${shown(file)} is no JSON: ${(error as SyntaxError).message}`, { file })
  }
  const why = unreadable(value)
  if (why === undefined) return value
  throw appError('BAD_RULESET', `${shown(file)} is not a ruleset: ${why}`, { file })
}

/** Deeper than any ruleset: what walks down a value by calling itself would run out of stack. */
const mostLevels = 20

/** JSON that has no canonical form, or can't be walked. */
const unreadable = (value: unknown): string | undefined => {
  let parts: readonly unknown[] = [value]
  for (let level = 0; parts.length > 0; level++) {
    if (level > mostLevels) return `it is nested deeper than ${mostLevels} levels`
    const half = parts.find((part) => typeof part === 'string' && /\p{Surrogate}/u.test(part))
    if (half !== undefined) return `${shown(half)} ends or begins with half a sign`
    parts = parts.flatMap((part) =>
      typeof part === 'object' && part !== null ? [...Object.keys(part), ...Object.values(part)] : [],
    )
  }
  return undefined
}
