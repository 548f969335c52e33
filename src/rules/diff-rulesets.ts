import type { FellegiSunterRuleset, Ruleset, Tier, TierRuleset } from '../match/ruleset.js'
import { isByRegister } from '../match/standard/frequencies.js'
import { allFields, type FieldLevels } from '../match/standard/levels.js'
import { type LogTables, logTables } from '../match/standard/weights.js'

/** A number or text of a ruleset, by its path; null: the ruleset has none. */
export interface ChangedValue {
  readonly path: string
  readonly a: number | string | null
  readonly b: number | string | null
}

/**
 * What a level weighs, in bits. Where `byRegister`, the voter file says for each value how many strangers have it, so that
 * the rulesets have a say in the share of the level alone: then a and b are log2 m or log2 q.
 */
export interface ChangedWeight {
  readonly field: string
  readonly class: string
  readonly level: string
  /** for the person: log2 m/u; for somebody else of the household: log2 q/u */
  readonly of: 'person' | 'housemate'
  readonly byRegister: boolean
  readonly a: number
  readonly b: number
  readonly difference: number
}

export interface ChangedTier {
  readonly tier: string
  readonly a: number
  readonly b: number
}

/** What two rulesets do differently. Nothing in any list: they decide alike. */
export interface RulesetDiff {
  readonly values: readonly ChangedValue[]
  readonly vetoes: { readonly added: readonly string[]; readonly removed: readonly string[] }
  /** compared fields that only one of them has */
  readonly fields: { readonly added: readonly string[]; readonly removed: readonly string[] }
  /** largest difference first */
  readonly weights: readonly ChangedWeight[]
  readonly tiers: {
    readonly added: readonly string[]
    readonly removed: readonly string[]
    /** places, counted from 1 */
    readonly moved: readonly ChangedTier[]
    readonly rescored: readonly ChangedTier[]
  }
}

export const diffRulesets = (a: Ruleset, b: Ruleset): RulesetDiff => {
  const [weightsA, weightsB] = [ofWeights(a), ofWeights(b)]
  const [tiersA, tiersB] = [ofTiers(a), ofTiers(b)]
  const areWeights = weightsA !== undefined && weightsB !== undefined
  return {
    values: changedValues(valuesOf(a), valuesOf(b)),
    vetoes: onlyIn(vetoesOf(weightsA), vetoesOf(weightsB)),
    fields: areWeights ? onlyIn(namesOf(weightsA), namesOf(weightsB)) : nothing,
    weights: areWeights ? changedWeights(weightsA, weightsB) : [],
    tiers: {
      ...onlyIn(tiersA.map(tierText), tiersB.map(tierText)),
      ...(a.kind === b.kind ? changedTiers(tiersA, tiersB) : { moved: [], rescored: [] }),
    },
  }
}

const nothing = { added: [], removed: [] } as const

const ofWeights = (ruleset: Ruleset): FellegiSunterRuleset | undefined =>
  ruleset.kind === 'fellegi_sunter' ? ruleset : undefined

const ofTiers = (ruleset: Ruleset): TierRuleset['tiers'] => (ruleset.kind === 'tiers' ? ruleset.tiers : [])

type Values = Readonly<Record<string, number | string>>

const valuesOf = (ruleset: Ruleset): Values => {
  const { name, kind, version, reviewFloor, listed } = ruleset
  const ofAll = { name, kind, version, reviewFloor, listed }
  if (ruleset.kind === 'tiers') return ofAll
  const { margin, learntOn, weights } = ruleset
  const { inFile, household, strangers } = weights
  return {
    ...{ ...ofAll, margin, learntOn },
    ...{ 'weights.inFile': inFile, 'weights.household': household, 'weights.strangers': strangers },
  }
}

const changedValues = (a: Values, b: Values): readonly ChangedValue[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((path) => a[path] !== b[path])
    .map((path) => ({ path, a: a[path] ?? null, b: b[path] ?? null }))

const onlyIn = (a: readonly string[], b: readonly string[]) => ({
  added: b.filter((one) => !a.includes(one)),
  removed: a.filter((one) => !b.includes(one)),
})

const vetoesOf = (ruleset: FellegiSunterRuleset | undefined): readonly string[] =>
  (ruleset?.vetoes ?? []).map((veto) =>
    Object.entries(veto)
      .map(([field, level]) => `${field} ${level}`)
      .sort()
      .join(' and '),
  )

const fieldsOf = ({ weights }: FellegiSunterRuleset) => allFields(weights.extras)
const namesOf = (ruleset: FellegiSunterRuleset): readonly string[] => fieldsOf(ruleset).map(({ name }) => name)

const rounded = (bits: number): number => Math.round(bits * 1_000) / 1_000

const parts = { person: 'm', housemate: 'q' } as const
type Kind = keyof typeof parts

/** Weights that differ by a thousandth of a bit or more, of the fields that both compare. */
const changedWeights = (a: FellegiSunterRuleset, b: FellegiSunterRuleset): readonly ChangedWeight[] => {
  const [tablesA, tablesB] = [logTables(a.weights), logTables(b.weights)]
  const names = namesOf(b)
  const changes = fieldsOf(a).flatMap((field, f) => {
    const g = names.indexOf(field.name)
    if (g < 0) return []
    return levelsOf(field).map(({ of, at, ...level }): ChangedWeight => {
      const bits = ({ u, ...logs }: LogTables, place: number): number =>
        rounded((logs[parts[of]][place]![at]! - (level.byRegister ? 0 : u[place]![at]!)) / Math.LN2)
      const [before, after] = [bits(tablesA, f), bits(tablesB, g)]
      return { field: field.name, ...level, of, a: before, b: after, difference: rounded(after - before) }
    })
  })
  return changes
    .filter(({ difference }) => difference !== 0)
    .sort((x, y) => Math.abs(y.difference) - Math.abs(x.difference))
}

/** Each level of each class that says something, for the person and for a housemate; `at`: its place in the tables. */
const levelsOf = (field: FieldLevels) =>
  field.classes.flatMap((name, c) =>
    field.levels.slice(1).flatMap((level, l) =>
      (['person', 'housemate'] as const).map((of: Kind) => ({
        ...{ class: name, level, of, at: c * field.levels.length + l + 1 },
        byRegister: isByRegister(field.name, level, name),
      })),
    ),
  )

const tierText = ({ matchType, key, also }: Tier): string =>
  [`${matchType} by ${key}`, ...[...also].sort()].join(' and ')

/** A tier counts as moved when its place among those that both have is another. */
const changedTiers = (a: readonly Tier[], b: readonly Tier[]) => {
  const [namesA, namesB] = [a.map(tierText), b.map(tierText)]
  const [bothA, bothB] = [
    namesA.filter((tier) => namesB.includes(tier)),
    namesB.filter((tier) => namesA.includes(tier)),
  ]
  const scoreOf = (tiers: readonly Tier[], tier: string): number => tiers.find((one) => tierText(one) === tier)!.score
  const moved = bothA
    .filter((tier, rank) => bothB[rank] !== tier)
    .map((tier): ChangedTier => ({ tier, a: namesA.indexOf(tier) + 1, b: namesB.indexOf(tier) + 1 }))
  const rescored = bothA
    .map((tier): ChangedTier => ({ tier, a: scoreOf(a, tier), b: scoreOf(b, tier) }))
    .filter((tier) => tier.a !== tier.b)
  return { moved, rescored }
}
