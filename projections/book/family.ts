import type { Family } from '../family.js'
import { foldPids } from '../pid/fold-pids.js'
import { pid } from '../pid/table.js'
import { bookChanges } from './fold-book.js'
import { foldEntries } from './fold-entries.js'
import { historyChanges } from './fold-history.js'
import { personVoterChanges } from './fold-person-voter.js'
import { book, matchHistory, personVoter, review } from './tables.js'

/** The match book and everything that follows from a person's entry in it, whose PID it resolves to among them. */
export const bookFamily: Family = {
  name: 'book',
  tables: [book, personVoter, review, matchHistory, pid],
  fold: async function* (reader, schema, events) {
    const folded = await foldEntries(reader, schema, events)
    yield* bookChanges(folded)
    yield await personVoterChanges(reader, schema, folded.steps)
    yield historyChanges(events, folded.steps)
    yield await foldPids(reader, schema, events, folded.steps)
  },
}
