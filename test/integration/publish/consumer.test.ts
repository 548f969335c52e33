import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { expect, it } from 'vitest'
import { personVoter } from '../../../projections/book/tables.js'
import { topicsOf } from '../../../src/publish/topics.js'
import { kafkaForTests } from '../../servers/kafka.js'
import { appendTo, openPlace, publishOnce, someHistory, waitFor } from './publishing.js'
import { tableInPostgres } from './table-in-postgres.js'

const brokers = await kafkaForTests('a consumer that keeps its own table of links')

const file = (name: string): string => fileURLToPath(new URL(`../../consumers/${name}`, import.meta.url))
const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')

it.each([
  ['links.mjs', 'js'],
  ['links.py', 'python'],
])('README quotes %s, 30 lines at most', (name, language) => {
  const text = readFileSync(file(name), 'utf8')
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(30)
  expect(readme).toContain(`\`\`\`${language}\n${text}\`\`\``)
})

type Rows = readonly Readonly<Record<string, unknown>>[]

const byKey = (rows: Rows): ReadonlyMap<string, unknown> =>
  new Map(rows.map((row) => [`${row['tenant']}/${row['person_id']}`, row]))

it.skipIf(brokers === undefined)(
  'links.mjs keeps the links as they stand',
  async () => {
    const place = await openPlace(brokers!)
    const history = someHistory(21)
    await appendTo(place, history.slice(0, 800))
    await publishOnce(place)
    const consumer = spawn(process.execPath, [file('links.mjs'), brokers!, topicsOf(place.settings).personVoter.name])
    const lines = createInterface({ input: consumer.stdout })[Symbol.asyncIterator]()
    const links = async (): Promise<Rows> => {
      consumer.stdin.write('\n')
      return JSON.parse((await lines.next()).value as string) as Rows
    }
    await waitFor(async () => (await links()).length > 0)
    await appendTo(place, history.slice(800))
    await publishOnce(place)
    await place.workplace.catchUp()
    const wanted = await tableInPostgres(place.workplace.db, personVoter)
    const isLevel = async (): Promise<boolean> => isDeepStrictEqual(byKey(await links()), wanted)
    await waitFor(isLevel)
    consumer.stdin.end()
    await once(consumer, 'close')
    await place.drop()
  },
  60_000,
)
