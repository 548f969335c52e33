import { Option } from 'commander'
import { appError, shown } from '../errors.js'

/** The number that an option's text is. Throws BAD_USAGE, saying that it is not `what`. */
export const numberOf = (option: string, text: string, what: string, isFine: (value: number) => boolean): number => {
  const value = Number(text)
  if (text.trim() !== '' && isFine(value)) return value
  throw appError('BAD_USAGE', `${option}: ${shown(text)} is not ${what}`, { value: text })
}

const wholeNumberOf = (option: string, text: string, from: number, to: number): number =>
  numberOf(option, text, `a whole number from ${from} to ${to}`, (n) => Number.isInteger(n) && n >= from && n <= to)

export const threadsOption = (): Option =>
  new Option('--threads <n>', 'worker threads; as many as there are cores unless given').argParser((text) =>
    wholeNumberOf('--threads', text, 1, 256),
  )

export const limitOf = (text: string): number => wholeNumberOf('--limit', text, 1, 1_000_000_000)
