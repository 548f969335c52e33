const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text for HTML, in content and in attributes; controls, which HTML has no text for, as a question mark. */
const escapeHtml = (value: unknown): string =>
  String(value ?? '')
    .replace(/[&<>"']/g, (sign) => entities[sign]!)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')

/** A template whose values are escaped, but for those made by this same template. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | number | null | undefined | Html | readonly Html[]

const textOf = (value: Value): string => {
  if (value instanceof Html) return value.text
  return Array.isArray(value) ? value.map((one) => (one as Html).text).join('') : escapeHtml(value)
}

export const html = (texts: TemplateStringsArray, ...values: readonly Value[]): Html =>
  new Html(texts.map((text, i) => (i === 0 ? text : `${textOf(values[i - 1])}${text}`)).join(''))

export const table = (headers: readonly string[], rows: readonly (readonly Value[])[]): Html =>
  html`<table><thead><tr>${headers.map((header) => html`<th>${header}</th>`)}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table>
`
