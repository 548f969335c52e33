import { canonicalJson, type Json } from '../../events/canonical-json.js'
import { failing } from '../../events/encode.js'
import { eventIdOf } from '../../events/ids.js'
import { sha256Hex } from '../../events/sha256.js'
import { rulesetStream } from '../../events/streams.js'
import { appError, orThrow, shown } from '../errors.js'
import { type Ruleset, simpleRuleset } from '../match/ruleset.js'
import { checkedRuleset } from '../match/ruleset-faults.js'
import { notAName, RulesetName } from '../match/ruleset-parts.js'
import { shippedStandard } from '../match/standard/standard-ruleset.js'
import type { Workplace } from '../workplace.js'

export interface NamedRuleset {
  readonly name: string
  readonly hash: string
  readonly ruleset: Ruleset
}

/** A ruleset is named by the SHA-256 of its canonical JSON. */
export const rulesetHash = (ruleset: Ruleset): string => sha256Hex(canonicalJson(ruleset as unknown as Json))

const named = (ruleset: Ruleset): NamedRuleset => ({ name: ruleset.name, hash: rulesetHash(ruleset), ruleset })

/** The rulesets that come with the program. */
const shipped: readonly NamedRuleset[] = [named(simpleRuleset), named(shippedStandard)]

export const shippedNames: readonly string[] = shipped.map(({ name }) => name)

/** A ruleset that comes with the program, by name. */
export const shippedRuleset = (name: string): Ruleset | undefined => shipped.find((one) => one.name === name)?.ruleset

type Names = Pick<NamedRuleset, 'name' | 'hash'>

/** The tenant's published rulesets and the shipped ones that it has not used yet. */
export const listRulesets = async ({ db, tenant }: Pick<Workplace, 'db' | 'tenant'>): Promise<readonly Names[]> => {
  const rows = await orThrow(
    db.query<{ name: string; hash: string }>(
      `select name, hash from matchbook.ruleset where tenant = $1 order by position`,
      [tenant],
    ),
  )
  const unused = shipped.filter(({ hash }) => !rows.some((row) => row.hash === hash))
  return [...rows, ...unused.map(({ name, hash }) => ({ name, hash }))]
}

/** Throws BAD_RULESET naming every failing path and its value. `from`: where the ruleset comes from. */
export const decodeRuleset = (value: unknown, from: string): Ruleset => {
  const result = checkedRuleset(value)
  if (result._tag === 'Right') return result.right
  throw appError('BAD_RULESET', `${from} is not a ruleset: ${result.left}`)
}

/** By hash, the start of a hash (8 characters or more), or name (the newest of that name). */
export const pickRuleset = (all: readonly Names[], ref: string): Names | undefined =>
  all.find(({ hash }) => hash === ref || (ref.length >= 8 && hash.startsWith(ref))) ??
  all.filter(({ name }) => name === ref).at(-1)

/**
 * By hash, the start of a hash (8 characters or more), or name (the newest of that name). Throws RULESET_NOT_FOUND, and
 * BAD_RULESET for one that can't be matched by.
 */
export const findRuleset = async (deps: Pick<Workplace, 'db' | 'tenant'>, ref: string): Promise<NamedRuleset> => {
  const all = await listRulesets(deps)
  const found = pickRuleset(all, ref)
  if (found !== undefined) return readStored(deps, found)
  const names = all.map(({ name, hash }) => `${name} (${hash.slice(0, 12)})`).join(', ')
  throw appError('RULESET_NOT_FOUND', `there is no ruleset ${shown(ref)}; there are ${names}`, { ruleset: ref })
}

const readStored = async (
  { db, tenant }: Pick<Workplace, 'db' | 'tenant'>,
  { name, hash }: Names,
): Promise<NamedRuleset> => {
  const [row] = await orThrow(
    db.query<{ ruleset: unknown }>(`select ruleset from matchbook.ruleset where tenant = $1 and hash = $2`, [
      tenant,
      hash,
    ]),
  )
  if (row === undefined) return shipped.find((one) => one.hash === hash)!
  return { name, hash, ruleset: decodeRuleset(row.ruleset, `the stored ruleset ${name} (${hash.slice(0, 12)})`) }
}

/** Throws BAD_RULESET for a name that no ruleset can have, or that one has which comes with the program. */
export const refuseName = (name: string): void => {
  const ships = 'the name of another ruleset, which comes with the program: take a name of your own'
  const why = RulesetName.is(name) ? ships : notAName
  if (why === ships && shippedRuleset(name) === undefined) return
  throw appError('BAD_RULESET', failing('name', name, why), { name })
}

/** Publishes a ruleset of the tenant's own. Throws BAD_RULESET when its name is that of another that ships. */
export const publishOwnRuleset = async (deps: Workplace, ruleset: Ruleset): Promise<NamedRuleset> => {
  const ships = shippedRuleset(ruleset.name)
  if (ships === undefined || rulesetHash(ships) !== rulesetHash(ruleset)) refuseName(ruleset.name)
  return publishRuleset(deps, ruleset)
}

/** Puts a ruleset into the tenant's history, once. */
export const publishRuleset = async (deps: Workplace, ruleset: Ruleset): Promise<NamedRuleset> => {
  const { name, hash } = named(ruleset)
  const stream = rulesetStream(deps.tenant)
  const revision = await orThrow(deps.store.revision(stream))
  await deps.catchUp()
  const there = await orThrow(
    deps.db.query(`select from matchbook.ruleset where tenant = $1 and hash = $2`, [deps.tenant, hash]),
  )
  if (there.length === 0) {
    const id = eventIdOf(stream, hash)
    const data = { tenant: deps.tenant, hash, name, ruleset: ruleset as unknown as Record<string, unknown> }
    await deps.recorder.record(stream, [{ id, type: 'RulesetPublished', v: 1, meta: deps.meta(id), data }], revision)
  }
  return { name, hash, ruleset }
}
