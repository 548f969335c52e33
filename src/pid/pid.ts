/**
 * PIDs: six characters of Crockford base32 from a serial number, through a fixed permutation of 30 bits so that
 * neighbours in a list are far apart and nobody reads a person's rank out of its PID. 1,073,741,824 codes, none twice.
 */
export const pidCount = 2 ** 30

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const half = 0x7fff
/** Fixed for ever: another constant would give another person's PID. */
const roundKeys = [0x5a3d, 0x21b7, 0x6e19, 0x3f65] as const

/** Any function of 15 bits will do: a Feistel network is a permutation whatever its rounds compute. */
const mix = (value: number, key: number): number => {
  let h = Math.imul(value ^ key, 0x9e3779b1)
  h ^= h >>> 15
  h = Math.imul(h, 0x85ebca77)
  return (h >>> 13) & half
}

const permute = (serial: number): number => {
  let left = serial >>> 15
  let right = serial & half
  for (const key of roundKeys) [left, right] = [right, left ^ mix(right, key)]
  return (left << 15) | right
}

const unpermute = (code: number): number => {
  let left = code >>> 15
  let right = code & half
  for (const key of [...roundKeys].reverse()) [left, right] = [right ^ mix(left, key), left]
  return (left << 15) | right
}

/** The PID of a serial, 0 to 2^30 − 1. Throws beyond: serials come from reserved blocks, which never reach there. */
export const pidOf = (serial: number): string => {
  if (!Number.isInteger(serial) || serial < 0 || serial >= pidCount) throw new RangeError(`no PID for serial ${serial}`)
  const code = permute(serial)
  let out = ''
  for (let shift = 25; shift >= 0; shift -= 5) out += alphabet[(code >>> shift) & 31]
  return out
}

/** The serial of a PID as people write it: lower case, i and l for 1, o for 0, hyphens. Undefined: not a PID. */
export const serialOf = (text: string): number | undefined => {
  const clean = text.trim().toUpperCase().replaceAll('-', '').replace(/[IL]/g, '1').replaceAll('O', '0')
  if (clean.length !== 6) return undefined
  let code = 0
  for (const c of clean) {
    const digit = alphabet.indexOf(c)
    if (digit < 0) return undefined
    code = code * 32 + digit
  }
  return unpermute(code)
}

/** The PID in its one spelling; undefined when the text is none. */
export const parsePid = (text: string): string | undefined => {
  const serial = serialOf(text)
  return serial === undefined ? undefined : pidOf(serial)
}
