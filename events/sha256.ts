import crypto from 'node:crypto'

/**
 * SHA-256 of bytes, or of a text's UTF-8 bytes. `crypto.hash` (Node 20.12) makes no object per hash, whose clean-up costs more than a
 * short text's hash: half the time over 100,000 texts of 50 bytes. Older Nodes take the long way.
 */
const oneShot: typeof crypto.hash | undefined = crypto.hash

export const sha256 = (text: string | Uint8Array): Buffer =>
  oneShot === undefined
    ? crypto.createHash('sha256').update(text).digest()
    : Buffer.from(oneShot('sha256', text, 'buffer'))

export const sha256Hex = (text: string): string =>
  oneShot === undefined ? crypto.createHash('sha256').update(text).digest('hex') : oneShot('sha256', text, 'hex')
