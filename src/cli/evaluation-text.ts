import type { Evaluation } from '../evaluate/evaluation.js'
import type { Links, Quality } from '../evaluate/measure-links.js'
import { tableText } from './table-text.js'

const share = (value: number): string => value.toFixed(4)
const shares = ({ precision, recall, f1 }: Quality): readonly string[] => [precision, recall, f1].map(share)
const links = (measured: Links): readonly (string | number)[] => [
  measured.linked,
  measured.correct,
  ...shares(measured),
]
const linksHeaders = ['linked', 'correct', 'precision', 'recall', 'F1']

const thresholdsText = ({ thresholds, best, outcome, threshold, kind }: Evaluation): string =>
  [
    tableText(
      ['threshold', ...linksHeaders],
      [
        ...thresholds.map((one) => [String(one.threshold), ...links(one)]),
        [`rules at ${threshold}`, ...links(outcome)],
      ],
    ),
    `best F1 ${share(best.f1)}, linking from ${best.threshold} on${kind === 'tiers' ? ' (the scores of tiers are fixed)' : ''}`,
    `by the rules: ${outcome.linked} linked, ${outcome.duplicate} duplicate, ${outcome.review} to review, ${outcome.unmatched} unmatched`,
  ].join('\n')

const calibrationText = ({ calibration: { bins, ece } }: Evaluation): string => {
  const rows = bins.map(({ from, to, n, meanScore, observed }) => [
    `${from} to ${to}`,
    n,
    n === 0 ? '-' : share(meanScore),
    n === 0 ? '-' : share(observed),
  ])
  return `${tableText(['score', 'contacts', 'mean score', 'right'], rows)}\nexpected calibration error ${share(ece)}`
}

const kindsText = ({ kinds = [] }: Evaluation): readonly string[] =>
  kinds.length === 0
    ? []
    : [
        tableText(
          ['kind', 'contacts', 'true pairs', ...linksHeaders],
          kinds.map((one) => [one.kind, one.contacts, one.truePairs, ...links(one)]),
        ),
      ]

const blockingText = ({ blocking }: Evaluation): readonly string[] =>
  blocking === undefined
    ? []
    : [
        [
          tableText(
            ['blocking key', 'recall', 'alone', 'narrowed'],
            blocking.keys.map((one) => [one.key, share(one.recall), share(one.alone), one.narrowed]),
          ),
          `all keys: recall ${share(blocking.recall)}, ${blocking.candidates.toFixed(1)} candidates a contact`,
        ].join('\n'),
      ]

const effortText = (evaluation: Evaluation): string => {
  const { trainSeconds, indexSeconds, matchSeconds, pairsCompared, contactsPerSecond, pairsPerSecond } = evaluation
  return [
    `seconds: ${indexSeconds.toFixed(2)} voters and index, ${trainSeconds.toFixed(2)} learning, ${matchSeconds.toFixed(2)} matching`,
    `${pairsCompared} pairs compared; ${contactsPerSecond} contacts, ${pairsPerSecond} pairs a second; ${evaluation.peakRssMiB} MiB at most`,
  ].join('\n')
}

/** An evaluation as tables for people. */
export const evaluationText = (evaluation: Evaluation): string => {
  const { contacts, voters, truePairs, ruleset, oneToOne, setAside } = evaluation
  const aside = Object.entries(setAside).map(([field, values]) => `${values} ${field}`)
  const head = [
    `${contacts} contacts, ${truePairs} of them among ${voters} voters; ruleset ${ruleset}${oneToOne ? ', one to one' : ''}`,
    ...(aside.length === 0 ? [] : [`values of no use as their field, taken as missing: ${aside.join(', ')}`]),
  ].join('\n')
  return [
    head,
    thresholdsText(evaluation),
    calibrationText(evaluation),
    ...kindsText(evaluation),
    ...blockingText(evaluation),
    effortText(evaluation),
  ].join('\n\n')
}
