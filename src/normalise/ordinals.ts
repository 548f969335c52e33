const units = 'FIRST SECOND THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH NINTH'.split(' ')
const teens =
  'TENTH ELEVENTH TWELFTH THIRTEENTH FOURTEENTH FIFTEENTH SIXTEENTH SEVENTEENTH EIGHTEENTH NINETEENTH'.split(' ')
const tens = 'TWENTY THIRTY FORTY FIFTY SIXTY SEVENTY EIGHTY NINETY'.split(' ')

/** ST, ND, RD or TH of a number. */
export const ordinalEnding = (n: number): string => {
  const hundredth = n % 100
  if (hundredth > 10 && hundredth < 14) return 'TH'
  return n % 10 === 1 ? 'ST' : n % 10 === 2 ? 'ND' : n % 10 === 3 ? 'RD' : 'TH'
}

const numeric = (n: number): string => `${n}${ordinalEnding(n)}`

const words = new Map<string, string>()
for (const [i, word] of units.entries()) words.set(word, numeric(i + 1))
for (const [i, word] of teens.entries()) words.set(word, numeric(i + 10))
for (const [i, ten] of tens.entries()) {
  words.set(`${ten.slice(0, -1)}IETH`, numeric(20 + 10 * i))
  for (const [j, unit] of units.entries()) words.set(`${ten}${unit}`, numeric(20 + 10 * i + j + 1))
}

const tensWords: ReadonlySet<string> = new Set(tens)

/** 2ND for SECOND, 22ND for TWENTYSECOND, up to 99TH; undefined for other words. */
export const ordinalOf = (word: string): string | undefined => words.get(word)

export const isTens = (word: string): boolean => tensWords.has(word)
