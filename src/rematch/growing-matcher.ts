import type { MatchRules } from '../runs/match-job.js'
import { type Matcher, matcherFor, type OpenMatcher } from '../runs/match-pool.js'
import type { LoadedIndex } from '../voters/load-index.js'

/** Chunks that are matched on this thread: it is done with them before others would have started. */
const fewChunks = 4

/** A matcher for nobody knows how many chunks: none, a few, or everybody's. It loads the indexes when it is first asked. */
export const growingMatcher = (
  indexes: () => Promise<readonly LoadedIndex[]>,
  rules: MatchRules,
  threads: number,
  openMatcher: OpenMatcher,
): { readonly next: () => Promise<Matcher>; readonly close: () => Promise<unknown> } => {
  const made = new Map<'few' | 'many', Matcher>()
  let chunks = 0
  const next = async (): Promise<Matcher> => {
    const kind = ++chunks <= fewChunks ? 'few' : 'many'
    const known = made.get(kind)
    if (known !== undefined) return known
    const shared = (await indexes()).map((loaded) => loaded.shared)
    const matcher =
      kind === 'few'
        ? matcherFor(0, shared, rules, threads)
        : openMatcher(Number.POSITIVE_INFINITY, shared, rules, threads)
    made.set(kind, matcher)
    return matcher
  }
  return { next, close: () => Promise.all([...made.values()].map((matcher) => matcher.close())) }
}
