import type { Standing } from '../../src/decide/entry.js'
import { type Row, RowSet } from '../row-set.js'
import { entryRow } from './entry-row.js'
import type { FoldedEntries, Step } from './fold-entries.js'
import { book, review } from './tables.js'

const isInReview = (now: Standing | null): boolean => now?.outcome === 'review'

const reviewRow = ({ tenant, personId, after, now }: Step, since: string): Row => {
  const decision = after.decided?.decision
  const voter = now?.svid === undefined ? decision?.candidates[0] : now
  return {
    tenant,
    person_id: personId,
    reason: now?.reason ?? null,
    state: voter?.state ?? null,
    svid: voter?.svid ?? null,
    match_type: voter?.matchType ?? null,
    score: voter?.score ?? null,
    candidates: decision?.candidateCount ?? decision?.candidates.length ?? 0,
    since,
  }
}

/** Since when each person is in review after the batch; who stays there over an event keeps the time. */
const reviewTimes = ({ steps, stored }: FoldedEntries): ReadonlyMap<string, string> => {
  const since = new Map<string, string>()
  for (const { key, placed, was, now } of steps) {
    if (!isInReview(now)) since.delete(key)
    else if (!isInReview(was)) since.set(key, placed.event.meta.recordedAt)
    else if (!since.has(key)) since.set(key, stored.get(key)!.reviewSince!)
  }
  return since
}

/** Rows of `book` and `review`. */
export const bookChanges = (folded: FoldedEntries): readonly RowSet[] => {
  const books = new RowSet(book)
  const reviews = new RowSet(review)
  const since = reviewTimes(folded)
  const last = new Map<string, Step>()
  for (const step of folded.steps) last.set(step.key, step)
  for (const [key, step] of last) {
    const entered = since.get(key) ?? null
    const before = folded.stored.get(key)
    const row = entryRow(step.tenant, step.personId, step.after, step.now, entered)
    if (before === undefined) books.add(row)
    else books.replace(key, row)
    if (before !== undefined && isInReview(before.now)) reviews.remove(key, row)
    if (entered !== null) reviews.insert(key, reviewRow(step, entered))
  }
  return [books, reviews]
}
