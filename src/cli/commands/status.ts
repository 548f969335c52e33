import type { Command } from 'commander'
import { orThrow } from '../../errors.js'
import { listVoterFiles } from '../../voters/record-publication.js'
import type { Commands, Context } from '../context.js'
import { tableText } from '../table-text.js'
import { withoutPassword } from '../url-text.js'

interface TenantRow {
  readonly tenant: string
  readonly persons: number
  readonly linked: number
  readonly review: number
}

const countEvents = async ({ store }: Context, head: number): Promise<number> => {
  if (store.gapless) return head + 1
  const { streams } = await orThrow(store.sizes())
  return streams.reduce((sum, { size }) => sum + size, 0)
}

const statusOf = async (context: Context) => {
  const { eventStoreUrl } = context.config
  const head = await orThrow(context.store.head())
  await context.catchUp()
  const projections = await orThrow(
    context.db.query<{ table: string; position: number }>(
      `select t.name as "table", c.position from matchbook.projected_table t, matchbook.checkpoint c order by t.name`,
    ),
  )
  const tenants = await orThrow(
    context.db.query<TenantRow & Record<string, unknown>>(
      `select p.tenant, count(*)::int8 as persons,
              count(v.person_id)::int8 as linked, count(r.person_id)::int8 as review
         from matchbook.person p
         left join matchbook.person_voter v on v.tenant = p.tenant and v.person_id = p.id
         left join matchbook.review r on r.tenant = p.tenant and r.person_id = p.id
        group by p.tenant order by p.tenant`,
    ),
  )
  return {
    data: context.config.dataDir,
    database: { url: withoutPassword(context.db.url) },
    store: {
      kind: eventStoreUrl === undefined ? 'postgres' : 'eventstoredb',
      url: withoutPassword(eventStoreUrl ?? context.db.url),
      events: await countEvents(context, head),
    },
    projections: projections.map((row) => ({ ...row, lag: head - row.position })),
    voterFiles: await listVoterFiles(context),
    tenants,
  }
}

export const addStatus = (program: Command, { withContext }: Commands): void => {
  program
    .command('status')
    .description('what is where, and how far the tables have come')
    .action(() =>
      withContext(async (context) => {
        const status = await statusOf(context)
        const files = status.voterFiles.map((f) => [
          f.state,
          f.voterFile.slice(0, 12),
          f.rows,
          f.current ? 'current' : '',
        ])
        const tenants = status.tenants.map((t) => [t.tenant, t.persons, t.linked, t.review])
        const text = [
          `data      ${status.data}`,
          `database  ${status.database.url}`,
          `events    ${status.store.events} in ${status.store.url} (tables behind by ${Math.max(0, ...status.projections.map(({ lag }) => lag))})`,
          '',
          tableText(['state', 'voter file', 'rows', ''], files),
          '',
          tableText(['tenant', 'persons', 'linked', 'to review'], tenants),
        ]
        context.output.result(status, text.join('\n'))
      }),
    )
}
