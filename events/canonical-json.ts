/**
 * Canonical JSON (RFC 8785): object keys in UTF-16 code unit order, no white space, numbers and strings as ECMAScript
 * writes them. An event is stored and hashed as this text, so two writers of one fact write the same bytes.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/** Keys with an undefined value are left out, as JSON.stringify does. Throws on NaN, infinities and lone surrogates. */
export const canonicalJson = (value: Json): string => {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`)
    return String(Object.is(value, -0) ? 0 : value)
  }
  if (value === null || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) {
    let out = '['
    for (let i = 0; i < value.length; i++) out += (i === 0 ? '' : ',') + canonicalJson(value[i] as Json)
    return `${out}]`
  }
  const object = value as { readonly [key: string]: Json | undefined }
  let out = ''
  for (const key of Object.keys(object).sort()) {
    const item = object[key]
    if (item !== undefined) out += `${out === '' ? '' : ','}${quote(key)}:${canonicalJson(item)}`
  }
  return `{${out}}`
}

const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

const quote = (text: string): string => {
  if (plain.test(text)) return `"${text}"`
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate has no JSON form')
  return JSON.stringify(text)
}
