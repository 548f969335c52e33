import { type Entry, standing } from '../../src/decide/entry.js'
import { keyText, type Row, RowSet } from '../row-set.js'
import { entryRow } from './entry-row.js'
import type { FoldedEntries, Step } from './fold-entries.js'
import { book, review } from './tables.js'

const isInReview = (entry: Entry): boolean => standing(entry)?.outcome === 'review'

const reviewRow = ({ tenant, personId, after }: Step, since: string): Row => {
  const now = standing(after)
  const [best] = after.decided?.decision.candidates ?? []
  const voter = now?.svid === undefined ? best : now
  const decision = after.decided?.decision
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

/** Rows of `book` and `review`. Who stays in review over an event keeps the time when it came in. */
export const bookChanges = ({ steps, stored }: FoldedEntries): readonly RowSet[] => {
  const books = new RowSet(book)
  const reviews = new RowSet(review)
  const last = new Map<string, Step>()
  const since = new Map<string, string>()
  for (const step of steps) {
    const key = keyText(step.tenant, step.personId)
    if (!isInReview(step.after)) since.delete(key)
    else if (!isInReview(step.before)) since.set(key, step.placed.event.meta.recordedAt)
    else if (!since.has(key)) since.set(key, stored.get(key)!.reviewSince!)
    last.set(key, step)
  }
  for (const [key, step] of last) {
    const before = stored.get(key)
    const row = entryRow(step.tenant, step.personId, step.after, since.get(key) ?? null)
    if (before === undefined) books.insert(row)
    else books.replace(row)
    if (before !== undefined && isInReview(before.entry)) reviews.remove(row)
    const entered = since.get(key)
    if (entered !== undefined) reviews.insert(reviewRow(step, entered))
  }
  return [books, reviews]
}
