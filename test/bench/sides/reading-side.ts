import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { timed } from '../harness.js'
import { answerRequests } from './side.js'

/** Asks for one person after another every few milliseconds, as pages would, in a process that does nothing else. */
export type ReadingRequest = { readonly do: 'begin'; readonly url: string } | { readonly do: 'end' }

export interface Read {
  readonly queries: number
  /** milliseconds */
  readonly slowest: number
}

const sql = `select * from matchbook.person p
               left join matchbook.person_voter v on v.tenant = p.tenant and v.person_id = p.id
              where p.tenant = 'bench' and p.id = $1`

let isOver = false
let reading: Promise<Read>

const readOn = async (url: string): Promise<Read> => {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query<{ id: string }>('select id from matchbook.person order by id limit 1000')
  let queries = 0
  let slowest = 0
  while (!isOver) {
    const seconds = await timed(() => client.query(sql, [rows[queries++ % rows.length]!.id]))
    slowest = Math.max(slowest, seconds * 1000)
    await sleep(2)
  }
  await client.end()
  return { queries, slowest }
}

await answerRequests(async (request: ReadingRequest) => {
  if (request.do === 'end') {
    isOver = true
    return reading
  }
  isOver = false
  reading = readOn(request.url)
  return {}
})
