import { readdirSync } from 'node:fs'
import { appError } from '../errors.js'
import { fileFailure } from '../file-failure.js'
import type { LoadIndex } from '../rules/rules-in-force.js'
import { decodeRuleset, rulesetHash } from '../rules/rulesets.js'
import { type Matcher, matcherFor } from '../runs/match-pool.js'
import { stateDir } from '../voters/artifact.js'
import type { LoadedIndex } from '../voters/load-index.js'
import type { JobRules } from './work-job.js'

/** What a worker holds: the indexes of its states, and matchers over them. */
export interface HeldMatchers {
  /** Does `work` with a matcher for these rules. Throws what loading an index says, and BAD_RULESET. */
  readonly withMatcher: <A>(rules: JobRules, work: (matcher: Matcher) => Promise<A>) => Promise<A>
  readonly close: () => Promise<void>
}

interface Held {
  readonly matcher: Promise<Matcher>
  readonly voterFile: string
  using: number
}

/** Tenants with rules of their own that a worker serves without starting anew. */
const mostHeld = 8

export const heldMatchers = (loadIndex: LoadIndex, threads: number): HeldMatchers => {
  const indexes = new Map<string, Promise<LoadedIndex>>()
  const held = new Map<string, Held>()

  const open = async (rules: JobRules): Promise<Matcher> => {
    const { state, voterFile, threshold } = rules
    const ruleset = decodeRuleset(rules.ruleset, 'the ruleset of a job')
    if (rulesetHash(ruleset) !== rules.rulesetHash) {
      throw appError('BAD_RULESET', `the ruleset of a job is not ${rules.rulesetHash}, as it says`)
    }
    const loading = indexes.get(voterFile) ?? loadIndex({ state, voterFile })
    indexes.set(voterFile, loading)
    const { shared } = await loading
    return matcherFor(Number.POSITIVE_INFINITY, [shared], { ruleset, threshold }, threads)
  }

  /** Lets go of who was not needed for longest, and of indexes that nobody needs any more. */
  const letGo = async (): Promise<void> => {
    for (const [key, { matcher, using }] of held) {
      if (held.size <= mostHeld) break
      if (using > 0) continue
      held.delete(key)
      await (await matcher).close()
    }
    const needed = new Set([...held.values()].map(({ voterFile }) => voterFile))
    for (const voterFile of indexes.keys()) if (!needed.has(voterFile)) indexes.delete(voterFile)
  }

  return {
    withMatcher: async (rules, work) => {
      const key = `${rules.voterFile} ${rules.rulesetHash} ${rules.threshold}`
      const one = held.get(key) ?? { matcher: open(rules), voterFile: rules.voterFile, using: 0 }
      held.delete(key)
      held.set(key, one)
      one.using++
      try {
        return await work(await one.matcher)
      } catch (error) {
        // what could not be opened is tried again: a voter file may be there by then
        await one.matcher.catch(() => held.delete(key))
        throw error
      } finally {
        one.using--
        await letGo()
      }
    },
    close: async () => {
      for (const { matcher } of held.values()) await (await matcher).close()
      held.clear()
      indexes.clear()
    },
  }
}

/** Throws VOTER_FILE_NOT_FOUND when the data folder has no voter file of a state: nothing could be decided. */
export const refuseMissing = (dataDir: string, states: readonly string[]): void => {
  for (const state of states) {
    const folder = stateDir(dataDir, state)
    if (filesOf(folder).some((name) => name.endsWith('.parquet'))) continue
    const message = `there is no voter file of ${state} in ${folder}: publish it there, or copy the folder from where it was`
    throw appError('VOTER_FILE_NOT_FOUND', message, { state, folder })
  }
}

const filesOf = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (fileFailure(error, folder)?.code === 'FILE_NOT_FOUND') return []
    throw error
  }
}
