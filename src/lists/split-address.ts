import { stateCode } from '../normalise/state.js'

export interface WholeAddress {
  readonly address1: string
  readonly address2: string
  readonly city: string
  readonly state: string
  readonly zip: string
}

const country = /^(?:US|USA|UNITED STATES(?: OF AMERICA)?)$/i
const stateAndZip = /^(.*?)\s+(\d{5}(?:-\d{4})?)$/
const zip = /^\d{5}(?:-\d{4})?$/

/**
 * Parts of a whole US address in one cell: `12 Main St  Apt 4  Springfield  IL  62701  US` as Mailchimp writes it, with
 * two spaces between, or `12 Main St, Springfield, IL 62701`. undefined when it does not end in state and ZIP.
 */
export const splitAddress = (cell: string): WholeAddress | undefined => {
  const spaced = cell.trim().split(/\s{2,}/)
  const parts = (spaced.length > 2 ? spaced : cell.split(',')).map((part) => part.trim()).filter((part) => part !== '')
  if (country.test(parts.at(-1) ?? '')) parts.pop()
  const last = parts.pop() ?? ''
  const joined = stateAndZip.exec(last)
  const code = joined?.[2] ?? (zip.test(last) ? last : '')
  const state = stateCode(joined?.[1] ?? (code === '' ? '' : (parts.pop() ?? '')))
  const city = parts.pop() ?? ''
  const [address1, ...rest] = parts
  if (code === '' || state === '' || address1 === undefined) return undefined
  return { address1, address2: rest.join(' '), city, state, zip: code }
}
