import { isNumber } from './street-tokens.js'

/** Without the zeros in front; '0' stays. */
export const withoutLeadingZeros = (id: string): string => {
  let start = 0
  while (id.charCodeAt(start) === 48 && id.charCodeAt(start + 1) > 47 && id.charCodeAt(start + 1) < 58) start++
  return start === 0 ? id : id.slice(start)
}

const boxWords: ReadonlySet<string> = new Set(['BOX', 'BX', 'DRAWER', 'BIN', 'LOCKBOX', 'CALLER'])
const boxOpeners: ReadonlySet<string> = new Set([
  'PO',
  'P',
  'POST',
  'POB',
  'POBOX',
  'PBOX',
  ...boxWords,
  'LOCK',
  'FIRM',
])

const isBoxId = (token: string | undefined): token is string =>
  token !== undefined && (token.length < 3 || token.charCodeAt(0) < 58 || token.charCodeAt(1) < 58)

/** Index of the box's number when a post office box is spelled from `i` on; -1 otherwise. */
const boxIdAt = (tokens: readonly string[], i: number): number => {
  let next = i
  const opener = tokens[next++]!
  if (opener === 'POB' || opener === 'POBOX' || opener === 'PBOX' || boxWords.has(opener)) {
    if (boxWords.has(opener) && i > 0) return -1
  } else {
    if (opener === 'P' && tokens[next] === 'O') next++
    else if (opener === 'POST' && (tokens[next] === 'OFFICE' || tokens[next] === 'OFC')) next++
    if (boxWords.has(tokens[next] ?? '')) next++
    else if (opener === 'PO' && i === 0 && isNumber(tokens[next] ?? '')) return next
    else return -1
  }
  while (tokens[next] === '#' || tokens[next] === 'NO' || tokens[next] === 'NUMBER' || tokens[next] === 'BOX') next++
  return isBoxId(tokens[next]) ? next : -1
}

/** Takes a post office box (P.O. Box 12, POB 12, Post Office Drawer 12, Box 12 …) out of `tokens`; its number or ''. */
export const takeBox = (tokens: string[]): string => {
  for (let i = 0; i < tokens.length; i++) {
    if (!boxOpeners.has(tokens[i]!)) continue
    const id = boxIdAt(tokens, i)
    if (id === -1) continue
    const number = withoutLeadingZeros(tokens[id]!)
    tokens.splice(i, id - i + 1)
    return number
  }
  return ''
}

const routes: readonly (readonly [words: readonly string[], standard: string, needsBox: 'box' | ''])[] = [
  [['RURAL', 'ROUTE'], 'RR', ''],
  [['RURAL', 'RTE'], 'RR', ''],
  [['RURAL', 'RT'], 'RR', ''],
  [['R', 'R'], 'RR', ''],
  [['RR'], 'RR', ''],
  [['RFD'], 'RR', ''],
  [['ROUTE'], 'RR', 'box'],
  [['RTE'], 'RR', 'box'],
  [['RT'], 'RR', 'box'],
  [['HIGHWAY', 'CONTRACT'], 'HC', ''],
  [['HC'], 'HC', ''],
  [['HCR'], 'HC', ''],
  [['STAR', 'ROUTE'], 'HC', ''],
  [['PSC'], 'PSC', 'box'],
  [['CMR'], 'CMR', 'box'],
  [['UNIT'], 'UNIT', 'box'],
]
const routeOpeners: ReadonlySet<string> = new Set(routes.map(([words]) => words[0]!))

/**
 * Takes a rural route, highway contract or military address from the front of `tokens`, in the form that Publication 28
 * gives it ('RR 1 BOX 23', 'HC 4 BOX 45', 'PSC 802 BOX 74'); '' when there is none.
 */
export const takeRoute = (tokens: string[]): string => {
  if (tokens.length < 2 || !routeOpeners.has(tokens[0]!)) return ''
  for (const [words, standard, needsBox] of routes) {
    if (words.some((word, i) => tokens[i] !== word)) continue
    let next = words.length
    while (tokens[next] === '#' || tokens[next] === 'NO') next++
    const number = tokens[next++]
    if (number === undefined || !isNumber(number)) return ''
    const opener = next
    while (tokens[next] === 'BOX' || tokens[next] === '#') next++
    const boxed = tokens[opener] === 'BOX' && isBoxId(tokens[next])
    if (needsBox === 'box' && !boxed) return ''
    const box = boxed ? ` BOX ${withoutLeadingZeros(tokens[next]!)}` : ''
    tokens.splice(0, boxed ? next + 1 : opener)
    return `${standard} ${withoutLeadingZeros(number)}${box}`
  }
  return ''
}
