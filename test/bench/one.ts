import type { Contact } from '../../events/contact.js'
import { orThrow } from '../../src/errors.js'
import { contactOf } from '../../src/evaluate/read-contacts.js'
import { openList } from '../../src/lists/open-list.js'
import { shippedStandard } from '../../src/match/standard/standard-ruleset.js'
import { matchOne } from '../../src/runs/match-one.js'
import type { RulesInForce } from '../../src/runs/rules-of-run.js'
import { openIndex } from '../../src/voters/open-index.js'
import { type Bench, peakRssMiB, resetPeakRss } from './harness.js'
import { type Figure, memoryText, report } from './report.js'
import { florida } from './sides/florida.js'
import { withPublished } from './sides/published.js'

const asked = 5_000
/** Asked before the clock runs, of other contacts: the index stays, so the first questions are not what is measured. */
const before = 1_000

/**
 * One contact among all voters, in this process, over an index that stays: milliseconds from the contact as given to the
 * decision with its explanation.
 */
export const bench: Bench = async (options) => {
  const { voters = 8_200_000, contacts = 100_000 } = options
  const files = await florida(voters, contacts, options)
  await withPublished(files.voters, async (published) => {
    const loaded = await openIndex(published.dataDir, published, (note) => process.stderr.write(`${note}\n`))
    const rules: RulesInForce = {
      ...{ ruleset: shippedStandard, rulesetHash: '', threshold: 0.75, indexes: [loaded] },
      voterFiles: [{ state: loaded.index.state, voterFile: loaded.index.voterFile }],
    }
    const list = await readSome(files.contacts, before + asked)
    resetPeakRss()
    for (const contact of list.slice(asked)) matchOne(contact, rules)
    const sorted = Float64Array.from(list.slice(0, asked), (contact) =>
      milliseconds(() => matchOne(contact, rules)),
    ).sort()
    report([figure('median', sorted, 0.5, 0.3), figure('p99', sorted, 0.99, 5)], options)
  })
}

const milliseconds = (work: () => unknown): number => {
  const began = performance.now()
  work()
  return performance.now() - began
}

const figure = (name: string, sorted: Float64Array, share: number, atMost: number): Figure => ({
  name: `one contact, ${name} ms`,
  subject: `${sorted.length.toLocaleString('en')} contacts`,
  yardstick: '',
  value: sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!,
  bar: { atMost },
  memory: memoryText(peakRssMiB()),
})

const readSome = async (file: string, most: number): Promise<readonly Contact[]> => {
  const list = await orThrow(openList({ file, malformed: 'aside' }))
  const contacts: Contact[] = []
  for await (const rows of list.read(1)) {
    for (const row of rows) if (contacts.length < most) contacts.push(contactOf(file, row))
    if (contacts.length === most) break
  }
  return contacts
}
