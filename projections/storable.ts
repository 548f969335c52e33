/** Text that Postgres can hold: NUL, which lists may carry and events keep, becomes U+FFFD. */
export const storable = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text)
