import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { csvLine } from '../csv-line.js'
import { withFile } from '../file-failure.js'
import type { Conclusion } from './evaluate.js'

/** `contact,outcome,reason,svid,match_type,score` for every contact, in the order of the list. */
export const writeConclusions = (file: string, conclusions: readonly Conclusion[]): Promise<void> =>
  withFile(file, () => pipeline(Readable.from(lines(conclusions)), createWriteStream(file)))

function* lines(conclusions: readonly Conclusion[]): Generator<string> {
  yield csvLine(['contact', 'outcome', 'reason', 'svid', 'match_type', 'score'])
  for (const { contact, outcome, reason, svid, matchType, score } of conclusions) {
    yield csvLine([contact, outcome, reason, svid, matchType, svid === '' ? '' : String(score)])
  }
}
