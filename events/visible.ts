/** Text for a terminal: what JSON leaves as it is, though it moves the cursor or turns the text around, is escaped, too. */
export const visible = (json: string): string =>
  json.replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
