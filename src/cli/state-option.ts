import { appError, shown } from '../errors.js'
import { stateCode } from '../normalise/state.js'

/** The two letters of what `--state` says, a code or a name. Throws BAD_USAGE. */
export const stateOf = (text: string): string => {
  const code = stateCode(text)
  if (code !== '') return code
  throw appError('BAD_USAGE', `--state: ${shown(text)} is not a US state or territory, such as FL`, { state: text })
}
