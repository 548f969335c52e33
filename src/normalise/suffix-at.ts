import { suffixOf } from './street-suffixes.js'

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** Words for a street that stand first in Spanish names. */
export const spanishStreets = set(
  'AVENIDA CALLE CAMINO CAMINITO VIA PASEO CALZADA CALLEJON CIRCULO ENTRADA VEREDA PLAZA RUA',
)
const articles = set('DE DEL LA LAS LOS EL DI')
const spanishEndings = set('VISTA VIS PLAZA PLZ PLZA VIA')
const vistas = set('BUENA BELLA ALTA LINDA LOMA BONITA HERMOSA MONTE CHULA RIO NUEVA')

/** The suffix at `at`, unless the word there is part of the name: AVENIDA DE LA VISTA, BUENA VISTA, AVENUE OF THE PARK. */
export const suffixAt = (tokens: readonly string[], start: number, at: number): string | undefined => {
  if (at <= start) return undefined
  const token = tokens[at]!
  const suffix = suffixOf(token)
  if (suffix === undefined) return undefined
  const before = tokens[at - 1]!
  if (before === 'THE' || before === 'OF') return undefined
  if (spanishEndings.has(token) && (articles.has(before) || vistas.has(before) || spanishStreets.has(tokens[start]!))) {
    return undefined
  }
  return suffix
}
