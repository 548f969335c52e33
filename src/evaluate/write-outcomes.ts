import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { csvLine } from '../csv-line.js'
import { withFile } from '../file-failure.js'
import { matchTypes, type ScoredContacts } from '../match/scored-contacts.js'
import { textOf, type VoterIndex } from '../match/voter-index.js'
import { outcomeOf } from './conclude.js'
import type { Concluded } from './concluded.js'

/**
 * Writes how every contact ends, in the order of the list: `contact,outcome,reason,svid,match_type,score`, with the best
 * voter of those too that are not linked to it. Throws DISK_FULL, BAD_FILE.
 */
export const writeOutcomes = (
  file: string,
  ids: readonly string[],
  scored: ScoredContacts,
  concluded: Concluded,
  index: VoterIndex,
): Promise<void> =>
  withFile(file, async () => {
    const draft = `${file}.draft`
    await pipeline(Readable.from(lines(ids, scored, concluded, index)), createWriteStream(draft))
    await rename(draft, file)
  })

function* lines(
  ids: readonly string[],
  scored: ScoredContacts,
  concluded: Concluded,
  index: VoterIndex,
): Generator<string> {
  yield csvLine(['contact', 'outcome', 'reason', 'svid', 'match_type', 'score'])
  for (const [i, id] of ids.entries()) {
    const { outcome, reason } = outcomeOf(scored, concluded, i)
    const best = scored.best[i]!
    const voter =
      best < 0
        ? ['', '', '']
        : [textOf(index.svids, best + 1), matchTypes[scored.matchType[i]!] ?? '', String(scored.score[i])]
    yield csvLine([id, outcome, reason, ...voter])
  }
}
