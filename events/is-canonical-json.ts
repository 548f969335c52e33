/** Escapes that canonical JSON has: these of one letter, and \u00xx in lower case for the other controls. */
const shortEscapes = '"\\bfnrt'
const controlEscape = /^u00(?:0[0-7be-f]|1[0-9a-f])$/

const quote = 34
const comma = 44
const colon = 58
const openArray = 91
const backslash = 92
const closeArray = 93
const openObject = 123
const closeObject = 125

const isDelimiter = (code: number): boolean => code === comma || code === closeArray || code === closeObject

/**
 * True when a text that JSON.parse takes is the canonical form of what it says; see canonicalJson. Reads the text once
 * instead of writing it again from its values: a fifth of the time for an event of 1 KB.
 */
export const isCanonicalJson = (text: string): boolean => {
  if (!text.isWellFormed()) return false
  const isPlain = !text.includes('\\')
  let at = 0

  /** Behind the string that begins here; −1 when it has another form. */
  const endOfString = (start: number): number => {
    if (text.charCodeAt(start) !== quote) return -1
    if (isPlain) return text.indexOf('"', start + 1) + 1
    for (let i = start + 1; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code === quote) return i + 1
      if (code !== backslash) continue
      i++
      if (shortEscapes.includes(text[i]!)) continue
      if (!controlEscape.test(text.slice(i, i + 5))) return -1
      i += 4
    }
    return -1
  }

  /** True when the key text[a..aEnd) comes before text[b..bEnd), in UTF-16 code units; both with their quotes. */
  const isBefore = (a: number, aEnd: number, b: number, bEnd: number): boolean => {
    if (!isPlain) return JSON.parse(text.slice(a, aEnd)) < JSON.parse(text.slice(b, bEnd))
    const length = Math.min(aEnd - a, bEnd - b) - 2
    for (let i = 1; i <= length; i++) {
      const difference = text.charCodeAt(a + i) - text.charCodeAt(b + i)
      if (difference !== 0) return difference < 0
    }
    return aEnd - a < bEnd - b
  }

  const isObject = (): boolean => {
    at++
    if (text.charCodeAt(at) === closeObject) {
      at++
      return true
    }
    for (let before = -1, beforeEnd = -1; ; at++) {
      const end = endOfString(at)
      if (end <= 0 || (before >= 0 && !isBefore(before, beforeEnd, at, end))) return false
      before = at
      beforeEnd = end
      if (text.charCodeAt(end) !== colon) return false
      at = end + 1
      if (!isValue()) return false
      const code = text.charCodeAt(at)
      if (code === closeObject) break
      if (code !== comma) return false
    }
    at++
    return true
  }

  const isArray = (): boolean => {
    at++
    if (text.charCodeAt(at) === closeArray) {
      at++
      return true
    }
    for (; ; at++) {
      if (!isValue()) return false
      const code = text.charCodeAt(at)
      if (code === closeArray) break
      if (code !== comma) return false
    }
    at++
    return true
  }

  /** A number, true, false or null: up to what stands behind a value. */
  const isOther = (): boolean => {
    const start = at
    while (at < text.length && !isDelimiter(text.charCodeAt(at))) at++
    const value = text.slice(start, at)
    return value === 'true' || value === 'false' || value === 'null' || String(Number(value)) === value
  }

  const isValue = (): boolean => {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfString(at)
      return at > 0
    }
    if (code === openObject) return isObject()
    return code === openArray ? isArray() : isOther()
  }

  return isValue() && at === text.length
}
