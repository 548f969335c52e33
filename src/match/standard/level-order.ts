import type { FieldLevels } from './levels.js'

/**
 * Which level of a field is nearer than which: each chain goes from worse to better, and the better must not weigh less.
 * Names that merely resemble each other are left unordered against `different` (they are often two people) and among
 * themselves, years against each other too. Of places the register itself counts how frequent they are: their shares
 * alone are no weights.
 */
const chains: Readonly<Record<string, readonly (readonly string[])[]>> = {
  first_name: [
    ['different', 'one_edit', 'equal'],
    ['jw87', 'one_edit'],
    ['jw92', 'one_edit'],
    ['different', 'initial', 'equal'],
    ['different', 'nickname', 'equal'],
    ['different', 'head'],
    ['different', 'middle'],
    ['different', 'email'],
    ['cross', 'equal'],
    ['different', 'swapped'],
  ],
  last_name: [
    ['different', 'one_edit', 'equal'],
    ['sounds_alike', 'one_edit'],
    // not below one edit: of a name that no voter has, hardly any stranger's is that near, so its weight is mostly assumed
    ['jw87', 'jw92'],
    ['jw87', 'one_edit'],
    ['different', 'part', 'equal'],
    ['different', 'email'],
    ['cross', 'equal'],
  ],
  middle_name: [['different', 'initial', 'equal']],
  suffix: [
    ['different', 'equal'],
    ['voter_only', 'equal'],
    ['contact_only', 'equal'],
  ],
  sex: [['different', 'equal']],
  birth_date: [
    ['different', 'near_year', 'equal'],
    ['different', 'same_year', 'equal'],
    ['different', 'swapped', 'equal'],
    ['different', 'one_digit', 'equal'],
    ['different', 'year', 'equal'],
  ],
  place: [],
  phone: [['different', 'near', 'equal']],
  email: [['different', 'user', 'equal']],
}

const ofExtras: readonly (readonly string[])[] = [['different', 'equal']]

/** Pairs of levels by number, the worse first. */
export const orderedLevels = ({ name, levels }: FieldLevels): readonly (readonly [worse: number, better: number])[] =>
  (chains[name] ?? ofExtras).flatMap((chain) =>
    chain.slice(1).map((level, i) => [levels.indexOf(chain[i]!), levels.indexOf(level)] as const),
  )

/** What rounding the shares to four digits may turn round. */
const rounding = 1 + 1e-3

/** True when the better of two levels weighs less than the worse: m/u of each, without dividing by nothing. */
export const runsBackwards = (
  m: readonly number[],
  u: readonly number[],
  [worse, better]: readonly [number, number],
): boolean => m[worse]! * u[better]! > m[better]! * u[worse]! * rounding

export interface Pooled {
  readonly m: readonly number[]
  /** groups of levels that weigh the same now */
  readonly levels: readonly (readonly number[])[]
}

/**
 * m of one class with what runs backwards pooled: levels out of order share one m/u, that of all of them together. Along a
 * chain these are the likeliest m in order, given u (isotonic regression of m/u with weights u: Dykstra, Kochar and
 * Robertson, 1995). Their sum stays.
 */
export const poolBackwards = (m: readonly number[], u: readonly number[], field: FieldLevels): Pooled => {
  const order = orderedLevels(field)
  const groups = m.map((share, level) => ({ levels: [level], m: share, u: u[level]! }))
  const groupOf = [...groups]
  for (;;) {
    const found = order.find(([worse, better]) => {
      const [a, b] = [groupOf[worse]!, groupOf[better]!]
      return a !== b && runsBackwards([a.m, b.m], [a.u, b.u], [0, 1])
    })
    if (found === undefined) break
    const [into, from] = [groupOf[found[0]]!, groupOf[found[1]]!]
    into.levels.push(...from.levels)
    into.m += from.m
    into.u += from.u
    for (const level of from.levels) groupOf[level] = into
  }
  const pooled = [...new Set(groupOf)].filter(({ levels }) => levels.length > 1)
  return {
    m: m.map((share, level) => {
      const group = groupOf[level]!
      return group.levels.length > 1 ? (u[level]! * group.m) / group.u : share
    }),
    levels: pooled.map(({ levels }) => [...levels].sort((a, b) => a - b)),
  }
}
