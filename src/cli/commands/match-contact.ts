import { createInterface } from 'node:readline'
import { chain, type Either, map } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type AppError, appError, rightOrThrow } from '../../errors.js'
import { decodeContact } from '../../lists/decode-contact.js'
import { rulesToAsk } from '../../rules/rules-in-force.js'
import { type MatchedContact, matchOne } from '../../runs/match-one.js'
import type { Context } from '../context.js'
import { matchedLine, matchedText } from '../matched-text.js'
import { parseContact } from '../parse-contact.js'
import { writeLines } from '../write-lines.js'

type Ask = (text: string) => Either<AppError, MatchedContact>

/** What the rules in force say of a contact, or of each on the lines of stdin (`-`). Nothing is recorded. */
export const matchContact = async (context: Context, text: string): Promise<void> => {
  const rules = await rulesToAsk(context, context.loadIndex)
  const today = new Date().toISOString().slice(0, 10)
  const ask: Ask = (one) =>
    pipe(
      parseContact(one),
      chain((values) => decodeContact(values, today)),
      map((contact) => matchOne(contact, rules)),
    )
  if (text === '-') return writeLines(answers(context, ask))
  const matched = rightOrThrow(ask(text))
  context.output.result(matched, matchedText(matched))
}

/**
 * One answer a line, as the lines come; a blank line has none. A contact that an import would reject is told so in its
 * place; a line that is no contact at all ends it. Throws what is wrong with that line, naming it.
 */
async function* answers({ output, signal }: Context, ask: Ask): AsyncGenerator<string> {
  const textOf = output.json ? JSON.stringify : lineText
  let line = 0
  for await (const text of createInterface({ input: process.stdin, signal })) {
    line++
    if (text.trim() === '') continue
    const answer = ask(text)
    if (answer._tag === 'Left' && answer.left.code !== 'BAD_VALUE') {
      const { code, message, details } = answer.left
      throw appError(code, `Line ${line}: ${message}`, { line, ...details })
    }
    yield textOf(answer._tag === 'Left' ? rejectedContact(answer.left) : answer.right)
  }
  if (signal.aborted) throw appError('INTERRUPTED', 'interrupted while matching contacts')
}

interface RejectedContact {
  readonly error: Pick<AppError, 'code' | 'message' | 'details'>
}

const rejectedContact = ({ code, message, details }: AppError): RejectedContact => ({
  error: { code, message, details },
})

const lineText = (said: MatchedContact | RejectedContact): string =>
  'error' in said ? `rejected: ${said.error.message}` : matchedLine(said)
