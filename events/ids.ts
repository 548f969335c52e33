import { sha256Hex } from './sha256.js'

/**
 * Derived ids: UUID version 8 (RFC 9562, section 5.8) from the SHA-256 of length-prefixed parts. The same parts give the
 * same id on every machine, so whatever is done twice is done once.
 */
export const derivedUuid = (...parts: readonly (string | number)[]): string => {
  let text = ''
  for (const part of parts) {
    const s = String(part)
    text += `${s.length}:${s}`
  }
  const hex = sha256Hex(text)
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export const contactIdOf = (tenant: string, batch: string, row: number): string =>
  derivedUuid('contact', tenant, batch, row)

export const personIdOf = (tenant: string, batch: string, row: number): string =>
  derivedUuid('person', tenant, batch, row)

/** The id of the event at a place of a stream: what the writer would write there again gets the same id. */
export const eventIdOf = (stream: string, ...place: readonly (string | number)[]): string =>
  derivedUuid('event', stream, ...place)
