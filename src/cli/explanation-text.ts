import type { ExplainedFields } from '../runs/explain-fields.js'
import type { Explanation } from '../runs/explain-pair.js'
import type { ExplainedVerdict } from '../runs/human-words.js'
import { reopenedText } from './reopened-text.js'
import { tableText } from './table-text.js'
import { verdictText } from './verdict-text.js'

const reasonTexts: Readonly<Record<string, string>> = {
  match: 'the best candidate, at or above the threshold and ahead of the others',
  voter_taken: 'another person of the tenant holds this voter',
  below_threshold: 'the best candidate, but its score is below the threshold',
  ambiguous: 'several voters fit equally well',
  veto: 'a veto holds',
  reopened: 'the data under a verdict has changed',
  voter_gone: 'the voter is no longer in the file',
  no_candidate: 'no voter comes near',
  below_floor: 'the best candidate is below the review floor',
}

/** A reason in words. */
export const reasonText = (reason: string): string => reasonTexts[reason] ?? reason

const saidText = (said: ExplainedVerdict): string =>
  `${verdictText(said)}${said.note === null ? '' : `: ${JSON.stringify(said.note)}`}`

const foundText = ({ score, matchType, reopened, rejection }: Explanation): string => {
  const scored = score === null ? [] : [`${matchType}, score ${score}`]
  const found = rejection === null && score === null ? ['not among the candidates'] : scored
  const before = reopened === null ? [] : [reopenedText(reopened.why)]
  const rejected = rejection === null ? [] : [saidText(rejection)]
  const lapsed =
    rejection === null || rejection.holds ? [] : ['the data has changed since, so the rules may link it again']
  return [...found, ...before, ...rejected, ...lapsed].join(', ')
}

const thresholdText = ({ threshold, thresholdInForce }: Explanation): string => {
  if (threshold === null) return ''
  if (threshold === thresholdInForce) return ` (threshold ${threshold})`
  return ` (threshold ${threshold} when it was decided; ${thresholdInForce} in force)`
}

const outcomeText = (explanation: Explanation): string => {
  const { outcome, reason, verdict, rejectedVoters } = explanation
  if (outcome === null) return 'not decided yet'
  const why = reasonText(reason ?? '')
  if (verdict !== null) {
    const human = `${verdict.voter} was ${saidText(verdict)}`
    return `${outcome}: ${reason === verdict.kind ? human : `${why}; ${human}`}`
  }
  const isApart = reason === 'no_candidate' && rejectedVoters.length > 0
  const apart = isApart ? ` but ${rejectedVoters.join(', ')}, which a human ruled out` : ''
  return `${outcome}: ${why}${apart}${thresholdText(explanation)}`
}

/** The fields of a pair that either side gives, with their weights, and the vetoes that hold. */
export const fieldLines = ({ fields, prior, vetoes }: ExplainedFields): readonly string[] => {
  const isWeighed = prior !== null
  const rows = fields
    .filter(({ contact, voter: value }) => contact.length > 0 || value !== '')
    .map(({ field, contact, voter: value, level, weight }) => [
      field,
      contact.join(' | '),
      value,
      level,
      ...(isWeighed ? [weight ?? ''] : []),
    ])
  return [
    tableText(['field', 'contact', 'voter', 'level', ...(isWeighed ? ['bits'] : [])], rows),
    ...(isWeighed ? [`bits are for the pair above 0 and against it below; before anything is compared ${prior}`] : []),
    ...vetoes.map((veto) => `veto: ${veto}`),
  ]
}

export const runnerUpLines = ({ runnerUp }: Pick<Explanation, 'runnerUp'>): readonly string[] =>
  runnerUp === null ? [] : [`next candidate: ${runnerUp.voter}, score ${runnerUp.score}`]

export const explanationText = (explanation: Explanation): string => {
  const { pid, voter } = explanation
  return [
    `${pid} and ${voter}: ${foundText(explanation)}`,
    ...fieldLines(explanation),
    outcomeText(explanation),
    ...runnerUpLines(explanation),
  ].join('\n')
}
