import { ledgerTypes } from '../../src/decide/entry.js'
import { familyOf } from '../family.js'
import { foldPids } from '../pid/fold-pids.js'
import { pid } from '../pid/table.js'
import { bookChanges } from './fold-book.js'
import { foldEntries } from './fold-entries.js'
import { historyChanges } from './fold-history.js'
import { personVoterChanges } from './fold-person-voter.js'
import { book, matchHistory, personVoter, review } from './tables.js'

/** The match book and everything that follows from a person's entry in it, whose PID it resolves to among them. */
export const bookFamily = familyOf({
  name: 'book',
  tables: [book, personVoter, review, matchHistory, pid],
  // for the PIDs that they bring
  impersonal: ['ContactImported'],
  types: ['ContactImported', ...ledgerTypes, 'PersonsJoined', 'PersonsParted', 'PersonTagged'],
  fold: async function* (reader, events) {
    const folded = await foldEntries(reader, events)
    yield* bookChanges(folded)
    yield await personVoterChanges(reader, folded.steps)
    yield historyChanges(events, folded.steps)
    yield await foldPids(reader, events, folded.steps)
  },
})
