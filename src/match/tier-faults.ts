import * as t from 'io-ts'
import { failing } from '../../events/encode.js'
import { Tier } from './ruleset.js'

/** There are far fewer that find other voters. */
const mostTiers = 100

const WithTiers = t.type({ tiers: t.array(Tier) })

/** What of a ruleset by tiers makes no sense, path by path. What is not of the right shape is passed over. */
export const tierFaults = (value: unknown): readonly string[] => {
  if (!WithTiers.is(value)) return []
  const { tiers } = value
  if (tiers.length === 0) return [failing('tiers', tiers, 'no tier: nobody would be matched')]
  if (tiers.length > mostTiers) return [failing('tiers.length', tiers.length, `more than ${mostTiers} tiers`)]
  return [...scoreFaults(tiers), ...orderFaults(tiers)]
}

/** Scores have four decimals, as everything that they are compared with. */
const scoreFaults = (tiers: readonly Tier[]): readonly string[] =>
  tiers.flatMap(({ score }, i) =>
    Number(score.toFixed(4)) === score ? [] : [failing(`tiers.${i}.score`, score, 'more than four decimals')],
  )

const orderFaults = (tiers: readonly Tier[]): readonly string[] =>
  tiers.flatMap((tier, i) =>
    tiers.slice(0, i).flatMap((earlier, e) => {
      if (tier.key !== earlier.key) return []
      const [now, before] = [asked(tier), asked(earlier)]
      const asksMore = [...before].every((field) => now.has(field))
      const asksLess = [...now].every((field) => before.has(field))
      if (asksMore && asksLess) {
        return [failing(`tiers.${i}`, tier, `overlaps tiers.${e}: finds the same voters, so it never decides`)]
      }
      if (asksMore && tier.score < earlier.score) return [backwards(i, tier, e, 'more')]
      return asksLess && tier.score > earlier.score ? [backwards(i, tier, e, 'less')] : []
    }),
  )

const backwards = (i: number, { score }: Tier, e: number, than: 'more' | 'less'): string =>
  failing(
    `tiers.${i}.score`,
    score,
    `backwards: asks for ${than} than tiers.${e}, scores ${than === 'more' ? 'less' : 'more'}`,
  )

const ofKeys: Readonly<Record<Tier['key'], readonly Tier['also'][number][]>> = {
  svid: [],
  name_address: ['address'],
  name_city: [],
  soundex_birth: ['birth_date'],
  soundex_address: ['address'],
}

/** What must agree at a tier besides the names: what its key asks anyway, too. */
const asked = ({ key, also }: Tier): ReadonlySet<string> => new Set([...ofKeys[key], ...also])
