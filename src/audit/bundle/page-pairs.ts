import type { Contact } from '../../../events/contact.js'
import type { Candidate } from '../../../events/matchbook.js'
import { fieldText } from '../../runs/explain-fields.js'
import type { Evidence, VoterRow } from './evidence.js'
import { type Html, html, table } from './html.js'
import type { Reproduced } from './reproduce-decision.js'
import { waterfall } from './waterfall.js'

/** Who else was compared. */
export const restText = (candidates: readonly Candidate[], found: Evidence | undefined): Html => {
  if (found === undefined) {
    return html`<p>What this decision was compared with is no longer there: levels and scores are those that were recorded.</p>
`
  }
  return html`<p>${found.compared} pairs were compared, ${candidates.length} of them are shown; the others together have odds of ${found.unlisted.toPrecision(3)}.
Under weights a score is a candidate's odds over those of all candidates and of nobody in the file; one bit doubles the odds.</p>
`
}

/** A candidate: both sides' values, the levels and what they weigh, drawn. */
export const pairSection = (
  rows: readonly VoterRow[],
  { state, svid, score, matchType, levels }: Candidate,
  rank: number,
  contacts: readonly Contact[],
  again: Reproduced | undefined,
): Html => {
  const row = rows.find((one) => one.state === state && one.svid === svid)?.row ?? {}
  const weighed = again?.weigh(state, svid)
  const fields = weighed?.fields ?? Object.entries(levels).map(([name, level]) => ({ name, level, weight: null }))
  return html`<h3>${rank === 0 ? 'Best candidate' : rank === 1 ? 'Runner-up' : `Candidate ${rank + 1}`}: ${state}:${svid}, ${matchType}, score ${score}</h3>
${table(
  ['field', 'contact', 'voter', 'level', 'bits'],
  fields.map(({ name, level, weight }) => [
    name,
    [...new Set(contacts.map((contact) => fieldText(contact, name)).filter((value) => value !== ''))].join(' | '),
    fieldText(row, name),
    level,
    weight,
  ]),
)}
${weighed === undefined ? html`` : waterfall(weighed)}`
}

/** What tells the runner-up from the best: the fields in which they reach other levels, and by how many bits. */
export const apartText = (candidates: readonly Candidate[], again: Reproduced | undefined): Html => {
  const [best, next] = candidates
  if (best === undefined || next === undefined) return html``
  const bits = (of: Candidate): ReadonlyMap<string, number> =>
    new Map(again?.weigh(of.state, of.svid)?.fields.map(({ name, weight }) => [name, weight ?? 0]))
  const [ours, theirs] = [bits(best), bits(next)]
  const names = [...new Set([...Object.keys(best.levels), ...Object.keys(next.levels)])].sort()
  const apart = names.filter((name) => best.levels[name] !== next.levels[name])
  if (apart.length === 0)
    return html`<p>Nothing that was compared tells the runner-up from the best.</p>
`
  return html`<p>What tells the runner-up from the best:</p>
${table(
  ['field', 'best', 'runner-up', 'bits that the best is ahead'],
  apart.map((name) => [
    name,
    best.levels[name] ?? 'missing',
    next.levels[name] ?? 'missing',
    again === undefined ? '' : ((ours.get(name) ?? 0) - (theirs.get(name) ?? 0)).toFixed(2),
  ]),
)}`
}
