import type { Evaluation } from '../evaluate/judge.js'
import { tableText } from './table-text.js'

const share = (value: number): string => value.toFixed(4)

/** An evaluation as a person reads it. */
export const evaluationText = (e: Evaluation): string =>
  [
    `${e.contacts} contacts, ${e.truePairs} of them among ${e.voters} voters`,
    '',
    tableText(
      ['threshold', 'linked', 'correct', 'precision', 'recall', 'F1'],
      e.thresholds.map((t) => [t.threshold, t.linked, t.correct, share(t.precision), share(t.recall), share(t.f1)]),
    ),
    '',
    `best F1 ${share(e.best.f1)} at ${e.best.threshold}`,
    `as the ruleset decides: ${e.outcome.linked} linked, ${e.outcome.review} to review, ${e.outcome.unmatched} unmatched; ` +
      `precision ${share(e.outcome.precision)}, recall ${share(e.outcome.recall)}, F1 ${share(e.outcome.f1)}`,
    '',
    tableText(
      ['score', 'candidates', 'claimed', 'right'],
      e.calibration.bins.map(({ from, to, n, meanScore, observed }) => [
        `${from}–${to}`,
        n,
        share(meanScore),
        share(observed),
      ]),
    ),
    `expected calibration error ${share(e.calibration.ece)}`,
    '',
    `${e.pairsCompared} pairs compared in ${e.matchSeconds} s: ${e.pairsPerSecond} pairs and ${e.contactsPerSecond} contacts a second`,
    `index ${e.indexSeconds} s, learning ${e.trainSeconds} s, at most ${e.peakRssMiB} MiB`,
  ].join('\n')
