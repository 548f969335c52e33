/** Digit of A–Z; 0 for vowels and Y, 7 for H and W, which do not part equal digits. */
const digits = Uint8Array.from('01230127022455012623017202', Number)

/**
 * American Soundex of a folded name: a letter and three digits, '' when the name has no letter A–Z.
 * Source: National Archives, "The Soundex Indexing System": equal codes side by side, or with only H or W between, count
 * once; a vowel between them parts them. Characters other than A–Z are passed over.
 */
export const soundex = (name: string): string => {
  let code = ''
  let before = 0
  for (let i = 0; i < name.length && code.length < 4; i++) {
    const letter = name.charCodeAt(i) - 65
    if (letter < 0 || letter > 25) continue
    const digit = digits[letter]!
    if (code === '') code = name[i]!
    else if (digit > 0 && digit < 7 && digit !== before) code += digit
    if (digit !== 7) before = digit
  }
  return code === '' ? '' : code.padEnd(4, '0')
}

/** A Soundex code as an integer below 2^14: 0 for none, else 1 + letter · 343 + three digits to base 7. Injective. */
export const packSoundex = (code: string): number =>
  code.length === 4
    ? 1 + (code.charCodeAt(0) - 65) * 343 + Number(code[1]) * 49 + Number(code[2]) * 7 + Number(code[3])
    : 0
