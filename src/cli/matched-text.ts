import type { MatchedContact } from '../runs/match-one.js'
import { fieldLines, reasonText, runnerUpLines } from './explanation-text.js'

/** Outcome and best candidate of a contact: `linked: FL:123, name_address, score 0.9987`. */
export const matchedLine = ({ outcome, reason, explanation }: MatchedContact): string => {
  if (explanation === null) return `${outcome}: ${reasonText(reason)}`
  const { voter, matchType, score } = explanation
  return `${outcome}: ${voter}, ${matchType}, score ${score}: ${reasonText(reason)}`
}

export const matchedText = (matched: MatchedContact): string => {
  const { explanation, threshold } = matched
  const head = `${matchedLine(matched)} (threshold ${threshold})`
  if (explanation === null) return head
  return [head, ...fieldLines(explanation), ...runnerUpLines(explanation)].join('\n')
}
