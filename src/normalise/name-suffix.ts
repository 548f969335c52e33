import { generationSuffixes, particles } from './name-words.js'

/** JR, SR, II, III, IV or V from any spelling of a generation suffix (Junior, 2nd, Jr. …); '' for anything else. */
export const normaliseSuffix = (s: string): string =>
  generationSuffixes.get(s) ?? generationSuffixes.get(s.toUpperCase().replace(/[^A-Z0-9]+/g, '')) ?? ''

const between = /[\s,()]/

/** Where the last word of a trimmed name begins; 0 when there is only one. */
const lastWordStart = (name: string): number => {
  let start = name.length
  while (start > 0 && !between.test(name[start - 1]!)) start--
  return start
}

/**
 * A last name without the generation suffix that stands behind it, and that suffix (see `normaliseSuffix`). A suffix with
 * no name before it, and a V behind a particle ('De La V'), is the name itself; 'Le Jr' is Le.
 */
export const splitSuffix = (last: string): { readonly last: string; readonly suffix: string } => {
  const name = last.trim()
  const bare = name.endsWith(')') ? name.slice(0, -1) : name
  const start = lastWordStart(bare)
  const suffix = start === 0 ? '' : normaliseSuffix(bare.slice(start))
  if (suffix === '') return { last: name, suffix: '' }
  let end = start
  while (end > 0 && between.test(bare[end - 1]!)) end--
  const before = bare.slice(lastWordStart(bare.slice(0, end)), end).toUpperCase()
  return end === 0 || (suffix === 'V' && particles.has(before))
    ? { last: name, suffix: '' }
    : { last: bare.slice(0, end), suffix }
}
