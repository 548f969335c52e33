/**
 * Kernels over UTF-8 bytes of normalised names: no strings, no allocation per pair. `a` and `b` are whole buffers, a name
 * is a range of one.
 */

const matchedA = new Uint8Array(256)
const matchedB = new Uint8Array(256)
const longest = 256

/** Letters that two names begin with alike, four at most. */
const prefixOf = (a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number => {
  const most = Math.min(4, aEnd - aStart, bEnd - bStart)
  let prefix = 0
  while (prefix < most && a[aStart + prefix] === b[bStart + prefix]) prefix++
  return prefix
}

/** Jaro-Winkler similarity, 0 to 1 (Winkler 1990: prefix of 4 at most, weight 0.1). */
export const jaroWinkler = (
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number => {
  const n = Math.min(aEnd - aStart, longest)
  const m = Math.min(bEnd - bStart, longest)
  if (n === 0 || m === 0) return 0
  const window = Math.max(0, (Math.max(n, m) >> 1) - 1)
  matchedA.fill(0, 0, n)
  matchedB.fill(0, 0, m)
  let matches = 0
  for (let i = 0; i < n; i++) {
    const code = a[aStart + i]!
    const to = Math.min(m - 1, i + window)
    for (let j = Math.max(0, i - window); j <= to; j++) {
      if (matchedB[j] === 1 || b[bStart + j] !== code) continue
      matchedA[i] = 1
      matchedB[j] = 1
      matches++
      break
    }
  }
  if (matches === 0) return 0
  let transposed = 0
  let j = 0
  for (let i = 0; i < n; i++) {
    if (matchedA[i] === 0) continue
    while (matchedB[j] === 0) j++
    if (a[aStart + i] !== b[bStart + j]) transposed++
    j++
  }
  const jaro = (matches / n + matches / m + (matches - transposed / 2) / matches) / 3
  return jaro + prefixOf(a, aStart, aEnd, b, bStart, bEnd) * 0.1 * (1 - jaro)
}

/** Least Jaro-Winkler similarity that is a level of its own. */
export const leastAlike = 0.87

/** One bit for each of 32 classes of bytes; for A to Z each letter has its own. */
export const lettersIn = (bytes: Uint8Array, start: number, end: number): number => {
  let letters = 0
  for (let i = start; i < end; i++) letters |= 1 << (bytes[i]! & 31)
  return letters >>> 0
}

const bitsIn = (word: number): number => {
  let n = word - ((word >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

const longestHead = 255
export const headLetters = 3

/** Length of a name, 255 at most, and its first three bytes, in one word. */
export const headOf = (bytes: Uint8Array, start: number, end: number): number => {
  const length = Math.min(longestHead, end - start)
  let head = length
  for (let i = 0; i < headLetters; i++) head = (head << 8) | (i < length ? bytes[start + i]! : 0)
  return head >>> 0
}

/** Letters that two names begin with alike, at most: the fourth is not looked at. */
const mostPrefix = (aHead: number, bHead: number, shorter: number): number => {
  const differing = (aHead ^ bHead) & 0xffffff
  if (differing === 0) return Math.min(4, shorter)
  return Math.min(shorter, Math.clz32(differing << 8) >>> 3)
}

/**
 * False when two names can't reach `leastAlike`, nor be one edit apart: a letter that is not in the other finds no match
 * there, which bounds the similarity from above. Nineteen of twenty pairs of names end here, on two words of each that lie
 * side by side.
 */
export const maybeAlike = (aLetters: number, aHead: number, bLetters: number, bHead: number): boolean => {
  const n = aHead >>> 24
  const m = bHead >>> 24
  const shorter = Math.min(n, m)
  const longer = Math.max(n, m)
  if (longer === longestHead) return true
  const matches = Math.min(n - bitsIn(aLetters & ~bLetters), m - bitsIn(bLetters & ~aLetters))
  if (matches >= longer - 1) return true
  if (matches <= 0) return false
  const jaro = (matches / n + matches / m + 1) / 3
  return jaro + mostPrefix(aHead, bHead, shorter) * 0.1 * (1 - jaro) >= leastAlike
}

/** Shortest name of which it means something to be part of another. */
export const leastPart = 4

/** False when neither name can be the beginning or the end of the other. */
export const maybePart = (aLetters: number, aHead: number, bLetters: number, bHead: number): boolean => {
  const n = aHead >>> 24
  const m = bHead >>> 24
  if (n === m && n < longestHead) return false
  if (n < leastPart || m < leastPart) return false
  return n <= m ? (aLetters & ~bLetters) === 0 || m === longestHead : (bLetters & ~aLetters) === 0
}

/** True when one name is the beginning or the end of the other, longer one. */
export const isPart = (
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): boolean => {
  const least = Math.min(aEnd - aStart, bEnd - bStart)
  if (least < leastPart || aEnd - aStart === bEnd - bStart) return false
  let head = 0
  while (head < least && a[aStart + head] === b[bStart + head]) head++
  if (head === least) return true
  let tail = 0
  while (tail < least && a[aEnd - 1 - tail] === b[bEnd - 1 - tail]) tail++
  return tail === least
}

/** True when one insertion, deletion, substitution or swap of neighbours makes one of the other (Damerau-Levenshtein 1). */
export const isOneEdit = (
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): boolean => {
  const n = aEnd - aStart
  const m = bEnd - bStart
  if (n - m > 1 || m - n > 1) return false
  const least = Math.min(n, m)
  let head = 0
  while (head < least && a[aStart + head] === b[bStart + head]) head++
  if (head === least) return n !== m
  let tail = 0
  while (tail < least - head && a[aEnd - 1 - tail] === b[bEnd - 1 - tail]) tail++
  if (n !== m) return head + tail >= least
  const differing = n - head - tail
  if (differing === 1) return true
  return differing === 2 && a[aStart + head] === b[bStart + head + 1] && a[aStart + head + 1] === b[bStart + head]
}
