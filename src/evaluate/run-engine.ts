import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { isRight } from 'fp-ts/lib/Either.js'
import { unpackContacts } from '../match/packed-contacts.js'
import type { Ruleset } from '../match/ruleset.js'
import type { ScoredChunk } from '../match/scored-chunk.js'
import type { ListedCandidates, ScoredContacts } from '../match/scored-contacts.js'
import { learnRuleset } from '../match/standard/learn-ruleset.js'
import { shippedStandard } from '../match/standard/standard-ruleset.js'
import { beginListMatching, listMatcherFor } from '../runs/match-pool.js'
import type { Engine } from './engine.js'
import { candidateScore, candidatesOf, candidateType, joinCandidates } from './keep-candidates.js'

/** Contacts of a chunk: some milliseconds of work, and an interruption waits no longer. */
const chunkSizes = { fellegi_sunter: 1_000, tiers: 2_000 } as const

/** Matching as a run does it: its code, its rulesets, its worker threads. */
export const runEngine: Engine = {
  train: async (index, contacts, onProgress) => {
    const learnt = await learnRuleset(
      { name: 'learnt', learntOn: 'the evaluated files' },
      index,
      unpackContacts(contacts),
      async (done, of) => {
        // lets a signal in, as all is done on this thread
        await setImmediate()
        onProgress(done, of)
      },
    )
    if (isRight(learnt)) return learnt.right
    return { ruleset: shippedStandard, notes: [`learning refused, standard keeps its weights: ${learnt.left}`] }
  },
  begin: ({ shared }, contacts, rules, threads = availableParallelism()) =>
    beginListMatching(contacts, [shared], rules, threads),
  match: async ({ shared }, contacts, ruleset, options) => {
    const { threshold, voterKeeps, threads = availableParallelism(), begun, onProgress } = options
    const rules = { ruleset, threshold }
    const matcher = begun?.matcher(contacts, rules) ?? listMatcherFor(contacts, [shared], rules, threads)
    const contactsPerChunk = chunkSizes[ruleset.kind]
    const scored = emptyScored(contacts.count)
    const listed: ListedCandidates[] = []
    let pairs = 0
    let done = 0
    let next = 0
    const matchChunk = async (place: number): Promise<void> => {
      const from = place * contactsPerChunk
      // awaited first: `pairs += … await` would forget what other lanes add meanwhile
      const chunk = await matcher.match(from, Math.min(contacts.count, from + contactsPerChunk))
      pairs += takeChunk(scored, from, chunk, ruleset)
      if (voterKeeps === 'one contact') listed[place] = candidatesOf(chunk, ruleset)
      onProgress((done += chunk.persons), contacts.count)
    }
    const lane = async (): Promise<void> => {
      for (let place = next++; place * contactsPerChunk < contacts.count; place = next++) {
        await matchChunk(place)
        // lets a signal in when all is done on this thread
        await setImmediate()
      }
    }
    try {
      // two chunks a thread, so that none waits for this one
      await Promise.all(Array.from({ length: threads * 2 }, lane))
      return { ...scored, pairs, ...(voterKeeps === 'one contact' ? { candidates: joinCandidates(listed) } : {}) }
    } finally {
      await matcher.close()
    }
  },
}

type Scored = Omit<ScoredContacts, 'pairs' | 'candidates'>

const emptyScored = (contacts: number): Scored => ({
  best: new Int32Array(contacts).fill(-1),
  score: new Float64Array(contacts),
  outcome: new Uint8Array(contacts),
  reason: new Uint8Array(contacts),
  matchType: new Uint8Array(contacts),
})

/** Puts a chunk in its place among all contacts; answers its pairs. */
const takeChunk = (scored: Scored, from: number, chunk: ScoredChunk, ruleset: Ruleset): number => {
  scored.outcome.set(chunk.outcome, from)
  scored.reason.set(chunk.reason, from)
  let pairs = 0
  for (let i = 0; i < chunk.persons; i++) {
    const at = chunk.starts[i]!
    pairs += chunk.found[i]!
    if (at === chunk.starts[i + 1]) continue
    scored.best[from + i] = chunk.row[at]!
    scored.score[from + i] = candidateScore(chunk, i, at, ruleset)
    scored.matchType[from + i] = candidateType(chunk, at, ruleset)
  }
  return pairs
}
