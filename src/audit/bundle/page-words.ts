import { standing } from '../../decide/entry.js'
import type { Ruleset } from '../../match/ruleset.js'
import type { Story, StoryDecision } from './story.js'

const voterText = ({
  state,
  svid,
}: {
  readonly state?: string | undefined
  readonly svid?: string | undefined
}): string => (svid === undefined ? '' : ` ${state}:${svid}`)

/** How the person stands and whose word that is. */
export const outcomeWords = ({ entry }: Story): string => {
  const now = standing(entry)
  const { verdict, reopened } = entry
  if (now === null) return 'Waits to be decided.'
  if (verdict !== null && reopened !== null) {
    return `In review: ${verdict.by} ${verdict.kind} it as${voterText(verdict)} on ${verdict.at}, but the data under that has changed since (${reopened.why}).`
  }
  if (verdict !== null)
    return `Linked to${voterText(verdict)}: ${verdict.kind} by ${verdict.by} on ${verdict.at}. No rule can change that.`
  const outcomes = {
    linked: `Linked to${voterText(now)} by the rules, with score ${now.score}.`,
    duplicate: `The same voter,${voterText(now)}, is held by another person of the campaign: this one is its duplicate.`,
    review: `Waits for a human, with${voterText(now)} as the best candidate at score ${now.score}.`,
    unmatched: 'Not found among the voters.',
  }
  return outcomes[now.outcome]
}

/** What decided, with the numbers it rests on: the threshold, the margin, a veto, and why not the runner-up. */
export const vetoWords = ({ event }: StoryDecision, ruleset: Ruleset | undefined): string => {
  const { decision, threshold } = event.data
  const { outcome, reason, candidates } = decision
  const [best, next] = candidates
  const score = best?.score ?? 0
  const lead =
    next === undefined
      ? 'nobody else comes near'
      : `the runner-up has ${next.score}, ${(score - next.score).toFixed(4)} less`
  const margin = ruleset?.kind === 'fellegi_sunter' ? `, and a lead of ${ruleset.margin} is needed` : ''
  const floor = ruleset === undefined ? '' : ` of ${ruleset.reviewFloor}`
  const words: Readonly<Record<string, string>> = {
    match: `the best candidate's score, ${score}, reaches the threshold of ${threshold}; ${lead}${margin}`,
    voter_taken: `the best candidate's score, ${score}, reaches the threshold of ${threshold}, but another person has a better claim on that voter`,
    below_threshold: `the best candidate's score, ${score}, is below the threshold of ${threshold}; ${lead}`,
    ambiguous: `several fit: the best has ${score}; ${lead}${margin}`,
    veto: `a veto holds: ${vetoesOf(best?.levels, ruleset)}; score ${score} or not, a human is asked`,
    no_candidate: 'no voter comes near',
    below_floor: `the best candidate's score, ${score}, is below the review floor${floor}`,
  }
  return `${outcome}: ${words[reason] ?? reason}`
}

const vetoesOf = (levels: Readonly<Record<string, string>> = {}, ruleset: Ruleset | undefined): string =>
  ruleset?.kind !== 'fellegi_sunter'
    ? ''
    : ruleset.vetoes
        .filter((veto) => Object.entries(veto).every(([field, level]) => levels[field] === level))
        .map((veto) =>
          Object.entries(veto)
            .map(([field, level]) => `${field} is ${level}`)
            .join(' and '),
        )
        .join('; ')
