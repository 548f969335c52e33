import { createHash } from 'node:crypto'
import { personAsOf } from '../../src/audit/as-of.js'
import { headsFolder } from '../../src/audit/kept-heads.js'
import { makeHead } from '../../src/audit/make-head.js'
import { personHistory } from '../../src/audit/person-history.js'
import { openSigningKey } from '../../src/audit/signing-key.js'
import { verifyStore } from '../../src/audit/verify-store.js'
import { orThrow } from '../../src/errors.js'
import { type Bench, compare, timed } from './harness.js'
import { type Figure, report } from './report.js'
import { type Imported, withImported } from './sides/imported.js'

/** of rates: verifying takes at most twice the loop's time */
const bar = 0.5
const asked = 1_000

/** Reads every event and hashes its bytes. */
const bareLoop = async ({ workplace }: Imported): Promise<void> => {
  for await (const batch of workplace.store.readAll()) {
    for (const { body } of batch) createHash('sha256').update(body).digest()
  }
}

/** Verifying the whole log against reading and hashing it in a bare loop; how long one person's past takes. */
export const bench: Bench = async (options) =>
  withImported(options, { contacts: 200_000, votersPerContact: 2 }, async (imported) => {
    const { workplace, url, dataDir } = imported
    const { store, db, tenant } = workplace
    const events = (await orThrow(store.head())) + 1
    const key = await openSigningKey(dataDir)
    const { keyId } = key
    const folder = headsFolder(dataDir, undefined)
    // as every command leaves it that has recorded something
    await makeHead({ store, tenant, folder, key: async () => key, now: () => new Date().toISOString() })
    const verified = await compare({
      ...{ name: 'verify, bare loop', amount: events, unit: 'events', rounds: options.rounds ?? 3, bar },
      subject: () => timed(() => verifyStore({ store, url, folder, keyId })),
      yardstick: () => timed(() => bareLoop(imported)),
    })
    const persons = await orThrow(
      db.query<{ id: string }>('select id from matchbook.person order by id limit $1', [asked * 2]),
    )
    const times: number[] = []
    for (const { id } of persons) {
      const began = performance.now()
      personAsOf(await personHistory({ db, store, tenant }, id), { position: events - 1 })
      times.push(performance.now() - began)
    }
    // the first half warms up
    const sorted = times.slice(asked).sort((a, b) => a - b)
    const figure = (name: string, share: number): Figure => ({
      ...{ name: `one person as of a position, ${name} ms`, subject: `${sorted.length} persons`, yardstick: '' },
      ...{ value: sorted[Math.floor((sorted.length - 1) * share)]!, bar: { atMost: 5 } },
    })
    report([verified, figure('median', 0.5), figure('p99', 0.99)], options)
  })
