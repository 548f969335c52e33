export interface Email {
  /** user@domain, lower case, without the tag */
  readonly address: string
  readonly user: string
  /** what stood after the first + of the user name; '' when there was none */
  readonly tag: string
  readonly domain: string
}

/** No address with a display name is longer; patterns are not tried on what is. */
const longest = 1000

const bracketed = /<([^<>]*)>/
const scheme = /^mailto:/i
const query = /\?.*$/
const fringe = /^[\s"'([<]+|[\s"')\]>.,;:]+$/g
/** RFC 5321 dot-string and host name, as mail systems accept them in practice; letters of any script may stand in both. */
const shape =
  /^([\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*)@((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]*\p{L}[\p{L}\p{N}-]*)$/u

/**
 * An e-mail address in lower case, its plus-tag kept aside; `mailto:`, a display name, brackets and trailing punctuation
 * are taken off; of several addresses in one cell, the first. undefined for anything that mail could not be sent to.
 */
export const parseEmail = (s: string): Email | undefined => {
  if (s.length > longest) return undefined
  const inner = bracketed.exec(s)?.[1] ?? s
  const first = inner
    .trim()
    .replace(scheme, '')
    .split(/[\s,;]+/, 1)[0]!
  const bare = (scheme.test(inner.trim()) ? first.replace(query, '') : first).replace(fringe, '')
  const match = bare.length > 254 ? null : shape.exec(bare.toLowerCase())
  if (match === null || match[1]!.length > 64) return undefined
  const local = match[1]!
  // What stands before a tag must be a user name by itself.
  const sign = local.indexOf('+')
  const plus = local[sign - 1] === '.' ? -1 : sign
  const user = plus > 0 ? local.slice(0, plus) : local
  const domain = match[2]!
  return { address: `${user}@${domain}`, user, tag: plus > 0 ? local.slice(plus + 1) : '', domain }
}
