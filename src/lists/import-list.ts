import { canonicalJson } from '../../events/canonical-json.js'
import type { DomainEvent, EventOf, EventType, Meta } from '../../events/catalogue.js'
import type { Contact } from '../../events/contact.js'
import { contactIdOf, derivedUuid, eventIdOf, personIdOf } from '../../events/ids.js'
import { importStream } from '../../events/streams.js'
import { type AppError, appError, orThrow } from '../errors.js'
import { type PidBlocks, reserveBlocks } from '../pid/reserve-block.js'
import { decodeStored } from '../store/decode-stored.js'
import type { EventStore } from '../store/event-store.js'
import { readAhead } from '../store/read-ahead.js'
import { mostAhead } from '../store/record-events.js'
import type { Workplace } from '../workplace.js'
import { findPersons, type KnownPerson, type PersonFinder, type RecentKeys } from './find-persons.js'
import type { ContactList, ListRow } from './open-list.js'

export interface ImportOptions {
  readonly batch?: string
  readonly source?: string
  readonly defaultState?: string
  readonly sheet?: string
  readonly signal?: AbortSignal
  readonly onProgress?: (rowsDone: number, rows: number) => void
}

export interface ImportResult {
  readonly batch: string
  readonly rows: number
  readonly imported: number
  readonly rejected: number
  readonly newPersons: number
  readonly knownPersons: number
  /** true when rows of this batch stood in the store already and the rest was added */
  readonly resumed: boolean
  /** true when the whole batch stood in the store already and nothing was added */
  readonly alreadyImported: boolean
}

/** The name of a batch when none is given: the same list read in the same way is the same batch. */
const batchOf = (list: ContactList, { source, defaultState, sheet }: ImportOptions): string =>
  derivedUuid('batch', list.listHash, canonicalJson({ ...list.mapping }), source ?? '', defaultState ?? '', sheet ?? '')

const batchPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/
const largestBlock = 10_000

/**
 * Imports a list: every row becomes one event, ContactImported or ContactRejected, at the revision of its row number in
 * the batch's stream. So the stream's end says where an import that died goes on, and a second run adds nothing.
 * Throws AppErrors: BAD_USAGE (batch name), BATCH_EXISTS, WRONG_REVISION (the same batch is being imported elsewhere),
 * INTERRUPTED, and what the list and the store say.
 */
export const importList = async (deps: Workplace, list: ContactList, options: ImportOptions): Promise<ImportResult> => {
  const batch = options.batch ?? batchOf(list, options)
  if (!batchPattern.test(batch)) {
    throw appError('BAD_USAGE', `batch ${JSON.stringify(batch)} is not a name of letters, digits, dots and dashes`)
  }
  const stream = importStream(deps.tenant, batch)
  const correlationId = derivedUuid('import', deps.tenant, batch)
  const meta = (): Meta => deps.meta(correlationId)
  const before = await orThrow(deps.store.revision(stream))
  if (before < 0) await deps.recorder.record(stream, [started(deps, list, options, batch, stream, meta())], -1)
  else await checkSameList(deps.store, stream, list)
  await deps.catchUp()
  const done = await progressOf(deps, batch)
  if (done.completed) return { ...done.result, batch, resumed: false, alreadyImported: true }
  const blockSize = Math.min(largestBlock, Math.max(1, list.rows))
  const blocks = await reserveBlocks({ ...deps, meta }, deps.tenant, batch, blockSize)
  const counts = { ...done.result }
  const importer: RowImporter = { deps, batch, stream, meta, blocks, counts }
  await importRows(importer, list, Math.max(before, 0), options)
  const { size, root } = await deps.streamRoot(stream)
  const { imported, rejected } = counts
  const completed = draft('ImportCompleted', eventIdOf(stream, size), meta(), {
    tenant: deps.tenant,
    batch,
    imported,
    rejected,
    size,
    root,
  })
  await deps.recorder.record(stream, [completed], imported + rejected)
  return { ...counts, batch, resumed: before > 0, alreadyImported: false }
}

const draft = <K extends EventType>(type: K, id: string, meta: Meta, data: EventOf<K>['data']): DomainEvent =>
  ({ id, type, v: 1, meta, data }) as unknown as DomainEvent

const started = (
  deps: Workplace,
  list: ContactList,
  { source, defaultState, sheet }: ImportOptions,
  batch: string,
  stream: string,
  meta: Meta,
): DomainEvent =>
  draft('ImportStarted', eventIdOf(stream, 0), meta, {
    tenant: deps.tenant,
    batch,
    listHash: list.listHash,
    fileName: list.fileName,
    source: source ?? list.fileName,
    mapping: { ...list.mapping },
    headers: [...list.headers],
    rows: list.rows,
    ...(defaultState === undefined ? {} : { defaultState }),
    ...(sheet === undefined ? {} : { sheet }),
  })

/** A batch name belongs to one list read in one way: going on with another file would mix the two. */
const checkSameList = async (store: EventStore, stream: string, list: ContactList): Promise<void> => {
  for await (const [first] of store.readStream(stream, { to: 0 })) {
    const event = first === undefined ? undefined : decodeStored(first)
    if (event?.type !== 'ImportStarted') break
    const { listHash, mapping, fileName } = event.data
    if (listHash === list.listHash && canonicalJson(mapping) === canonicalJson({ ...list.mapping })) return
    throw appError('BATCH_EXISTS', `${stream} already holds another list (${fileName}); name another batch`, { stream })
  }
  throw appError('BAD_EVENT', `${stream} does not begin with an ImportStarted`, { stream })
}

interface Counts {
  rows: number
  imported: number
  rejected: number
  newPersons: number
  knownPersons: number
}

interface BatchRow {
  readonly imported: number
  readonly rejected: number
  readonly new_persons: number
  readonly known_persons: number
  readonly completed_at: string | null
}

const progressOf = async (
  { db, tenant }: Workplace,
  batch: string,
): Promise<{ completed: boolean; result: Counts }> => {
  const [row] = await orThrow(
    db.query<BatchRow>(
      `select imported, rejected, new_persons, known_persons, completed_at
         from matchbook.import_batch where tenant = $1 and batch = $2`,
      [tenant, batch],
    ),
  )
  if (row === undefined) throw new Error(`import_batch has no row for ${tenant}/${batch} after catching up`)
  const { imported, rejected, new_persons: newPersons, known_persons: knownPersons } = row
  const result = { rows: imported + rejected, imported, rejected, newPersons, knownPersons }
  return { completed: row.completed_at !== null, result }
}

interface RowImporter {
  readonly deps: Workplace
  readonly batch: string
  readonly stream: string
  readonly meta: () => Meta
  readonly blocks: PidBlocks
  readonly counts: Counts
}

const importRows = async (
  importer: RowImporter,
  list: ContactList,
  rowsDone: number,
  { signal, onProgress }: ImportOptions,
): Promise<void> => {
  for await (const { firstRow, events } of readAhead(madeEvents(importer, list, rowsDone))) {
    if (signal?.aborted === true) throw interrupted(importer.batch)
    await importer.deps.recorder.recordAhead(importer.stream, events, firstRow - 1)
    onProgress?.(firstRow - 1 + events.length, list.rows)
  }
}

const interrupted = (batch: string): AppError =>
  appError('INTERRUPTED', `interrupted while importing batch ${batch}`, { batch })

interface MadeEvents {
  readonly firstRow: number
  /** one for each row */
  readonly events: readonly DomainEvent[]
}

/** The events of the rows that are left, a batch made while the one before it is appended and those before are projected. */
async function* madeEvents(importer: RowImporter, list: ContactList, rowsDone: number): AsyncGenerator<MadeEvents> {
  const { deps } = importer
  const recent: RecentKeys[] = []
  for await (const rows of readAhead(list.read(rowsDone + 1))) {
    const contacts = rows.flatMap(({ contact }) => (contact._tag === 'Right' ? [contact.right] : []))
    const finder = await findPersons(deps.db, deps.tenant, contacts, recent)
    recent.push(finder.added)
    if (recent.length > mostAhead + 1) recent.shift()
    yield { firstRow: rows[0]!.row, events: await eventsOf(importer, rows, finder) }
  }
}

const eventsOf = async (
  importer: RowImporter,
  rows: readonly ListRow[],
  finder: PersonFinder,
): Promise<readonly DomainEvent[]> => {
  const { counts } = importer
  const meta = importer.meta()
  const events: DomainEvent[] = []
  for (const row of rows) {
    if (row.contact._tag === 'Left') {
      events.push(rejected(importer, meta, row, row.contact.left))
      counts.rejected++
    } else {
      const found = finder.find(row.contact.right)
      const person = found ?? (await newPerson(importer, row))
      finder.remember(row.contact.right, person)
      events.push(imported(importer, meta, row, row.contact.right, person, found?.foundBy ?? 'new'))
      counts.imported++
    }
    counts.rows++
  }
  return events
}

const newPerson = async ({ deps, batch, blocks, counts }: RowImporter, { row }: ListRow): Promise<KnownPerson> => ({
  personId: personIdOf(deps.tenant, batch, row),
  pid: await blocks.pidOf(counts.newPersons),
})

const imported = (
  { deps, batch, stream, counts }: RowImporter,
  meta: Meta,
  { row, original }: ListRow,
  contact: Contact,
  { personId, pid }: KnownPerson,
  foundBy: EventOf<'ContactImported'>['data']['foundBy'],
): DomainEvent => {
  const isNew = foundBy === 'new'
  if (isNew) counts.newPersons++
  else counts.knownPersons++
  const contactId = contactIdOf(deps.tenant, batch, row)
  const data = { batch, contactId, foundBy, isNew, personId, pid, row, tenant: deps.tenant }
  const id = eventIdOf(stream, row)
  // keys in canonical order, here and in what goes in: see canonicalJson
  return { data, id, meta, pii: { contact, original }, type: 'ContactImported', v: 1 }
}

const rejected = (
  { deps, batch, stream }: RowImporter,
  meta: Meta,
  { row, original }: ListRow,
  { code, field, reason }: { readonly code: string; readonly field?: string; readonly reason: string },
): DomainEvent => ({
  id: eventIdOf(stream, row),
  type: 'ContactRejected',
  v: 1,
  meta,
  data: { tenant: deps.tenant, batch, row, code, ...(field === undefined ? {} : { field }) },
  pii: { reason, original: { ...original } },
})
