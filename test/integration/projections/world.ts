import type { DomainEvent, EventOf, EventType } from '../../../events/catalogue.js'
import { contactIdOf, derivedUuid, eventIdOf, personIdOf } from '../../../events/ids.js'
import type { Decision } from '../../../events/matchbook.js'
import { importStream, ledgerStream, rulesetStream, settingStream, voterFileStream } from '../../../events/streams.js'
import { type Entry, emptyEntry, evolve } from '../../../src/decide/entry.js'

/** An event and the stream it goes to. */
export interface Written {
  readonly stream: string
  readonly event: DomainEvent
}

export interface KnownPerson {
  readonly id: string
  readonly pid: string
  entry: Entry
}

interface Batch {
  readonly name: string
  rows: number
  imported: number
}

interface Book {
  readonly persons: KnownPerson[]
  readonly holders: Map<string, KnownPerson>
  batch: Batch | undefined
  batches: number
  run: string | undefined
  runs: number
}

const hash = (text: string): string => derivedUuid(text).replaceAll('-', '').padEnd(64, '0')
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Writes histories that a correct program could have written: the writer's rules are kept, nothing else. */
export class World {
  readonly written: Written[] = []
  readonly #books = new Map<string, Book>()
  #pids = 0
  #clock = Date.UTC(2026, 0, 1)

  constructor(startedAt = Date.UTC(2026, 0, 1)) {
    this.#clock = startedAt
  }

  book(tenant: string): Book {
    const known = this.#books.get(tenant)
    if (known !== undefined) return known
    const book: Book = {
      persons: [],
      holders: new Map(),
      batch: undefined,
      batches: 0,
      run: undefined,
      runs: 0,
    }
    this.#books.set(tenant, book)
    return book
  }

  write<K extends EventType>(
    stream: string,
    type: K,
    data: EventOf<K>['data'],
    more: { readonly pii?: unknown; readonly actor?: string } = {},
  ): DomainEvent {
    const place = this.written.length
    const meta = {
      actor: more.actor ?? 'system',
      correlationId: derivedUuid('test'),
      recordedAt: new Date((this.#clock += 1_001)).toISOString(),
      engine: '1',
    }
    const pii = more.pii === undefined ? {} : { pii: more.pii }
    const event = { id: eventIdOf(stream, place), type, v: 1, meta, data, ...pii } as unknown as DomainEvent
    this.written.push({ stream, event })
    return event
  }

  startImport(tenant: string, source = 'rally'): void {
    const book = this.book(tenant)
    this.completeImport(tenant)
    book.batch = { name: `list-${book.batches++}`, rows: 0, imported: 0 }
    this.write(importStream(tenant, book.batch.name), 'ImportStarted', {
      tenant,
      batch: book.batch.name,
      listHash: hash(book.batch.name),
      fileName: 'list.csv',
      source,
      mapping: {},
      headers: ['First', 'Last'],
      rows: 10,
    })
  }

  completeImport(tenant: string): void {
    const { batch } = this.book(tenant)
    if (batch === undefined) return
    this.write(importStream(tenant, batch.name), 'ImportCompleted', {
      tenant,
      batch: batch.name,
      imported: batch.imported,
      rejected: batch.rows - batch.imported,
      size: batch.rows + 1,
      root: hash('root'),
    })
    this.book(tenant).batch = undefined
  }

  #openBatch(tenant: string): Batch {
    if (this.book(tenant).batch === undefined) this.startImport(tenant)
    return this.book(tenant).batch!
  }

  /** `known`: the person that the contact is of; a new one unless given. */
  importContact(tenant: string, contact: Record<string, unknown>, known?: KnownPerson): KnownPerson {
    const batch = this.#openBatch(tenant)
    const row = ++batch.rows
    batch.imported++
    const person = known ?? { id: personIdOf(tenant, batch.name, row), pid: this.#nextPid(), entry: emptyEntry }
    if (known === undefined) this.book(tenant).persons.push(person)
    const data = {
      tenant,
      batch: batch.name,
      row,
      contactId: contactIdOf(tenant, batch.name, row),
      personId: person.id,
      pid: person.pid,
      isNew: known === undefined,
      foundBy: known === undefined ? ('new' as const) : ('email' as const),
    }
    const original = Object.fromEntries(Object.entries(contact).filter(([, value]) => typeof value === 'string'))
    this.write(importStream(tenant, batch.name), 'ContactImported', data, {
      pii: { contact, original },
      actor: 'import',
    })
    return person
  }

  rejectRow(tenant: string): void {
    const batch = this.#openBatch(tenant)
    const data = { tenant, batch: batch.name, row: ++batch.rows, code: 'BAD_ROW' }
    this.write(importStream(tenant, batch.name), 'ContactRejected', data, { pii: { reason: 'short', original: {} } })
  }

  #nextPid(): string {
    let rest = ++this.#pids * 7_919
    let pid = ''
    for (let i = 0; i < 6; i++) {
      pid += alphabet[rest % 32]!
      rest = Math.floor(rest / 32)
    }
    return pid
  }

  startRun(tenant: string): string {
    const book = this.book(tenant)
    const runId = derivedUuid('run', tenant, book.runs++)
    book.run = runId
    this.write(ledgerStream(tenant), 'RunStarted', {
      tenant,
      runId,
      kind: 'match',
      ruleset: hash('rules'),
      threshold: 0.75,
      voterFiles: [{ state: 'FL', voterFile: hash('FL') }],
      persons: book.persons.length,
      ledgerRevision: -1,
    })
    return runId
  }

  completeRun(tenant: string): void {
    const book = this.book(tenant)
    if (book.run === undefined) return
    this.write(ledgerStream(tenant), 'RunCompleted', {
      tenant,
      runId: book.run,
      persons: 1,
      linked: 1,
      duplicate: 0,
      review: 0,
      unmatched: 0,
      digest: hash('digest'),
      size: 3,
      root: hash('root'),
    })
    book.run = undefined
  }

  /** Appends a ledger event of the person and keeps its entry up. */
  #enter<K extends EventType>(tenant: string, person: KnownPerson, type: K, data: EventOf<K>['data'], actor?: string) {
    const before = person.entry.link
    const event = this.write(ledgerStream(tenant), type, data, actor === undefined ? {} : { actor, pii: {} })
    person.entry = evolve(person.entry, event, this.written.length - 1)
    const { holders } = this.book(tenant)
    const key = before === null ? '' : `${before.state}:${before.svid}`
    if (holders.get(key) === person) holders.delete(key)
    const { link } = person.entry
    if (link !== null) holders.set(`${link.state}:${link.svid}`, person)
  }

  /** Records a decision as it is, whoever holds the voter. */
  decide(tenant: string, person: KnownPerson, decision: Decision): void {
    const runId = this.book(tenant).run ?? this.startRun(tenant)
    const data = {
      tenant,
      runId,
      personId: person.id,
      decision,
      threshold: 0.75,
      ruleset: hash('rules'),
      voterFiles: [{ state: 'FL', voterFile: hash('FL') }],
      inputVersion: hash(`${person.id}:${this.written.length % 2}`),
      decidedBy: 'system',
      ...(decision.outcome === 'linked' ? { voterVersion: hash(`voter ${decision.svid}`) } : {}),
    }
    this.#enter(tenant, person, 'MatchDecided', data)
  }

  /** A human's word; false when a human has given the voter to somebody else or there is nothing to undo. */
  say(
    tenant: string,
    person: KnownPerson,
    type: 'MatchVerified' | 'PersonLinked' | 'CandidateRejected' | 'PersonUnlinked',
    svid: string,
  ): void {
    const holder = this.book(tenant).holders.get(`FL:${svid}`)
    const takes = type === 'MatchVerified' || type === 'PersonLinked'
    if (takes && holder !== undefined && holder !== person) {
      if (holder.entry.verdict !== null) return
      this.decide(tenant, holder, duplicateAt(svid, person.id))
    }
    const data = {
      tenant,
      personId: person.id,
      state: 'FL',
      svid,
      inputVersion: hash(person.id),
      voterVersion: hash(`voter ${svid}`),
    }
    this.#enter(tenant, person, type, data, 'user:ann')
  }

  undo(tenant: string, person: KnownPerson): void {
    const last = person.entry.undo.at(-1)
    if (last === undefined) return
    const back = last.before.link
    const holder = back === null ? undefined : this.book(tenant).holders.get(`${back.state}:${back.svid}`)
    if (holder !== undefined && holder !== person) return
    const data = { tenant, personId: person.id, verdictId: last.verdictId }
    this.#enter(tenant, person, 'VerdictUndone', data, 'user:ann')
  }

  reopen(tenant: string, person: KnownPerson): void {
    const { verdict } = person.entry
    if (verdict === null) return
    const { state, svid } = verdict
    const data = { tenant, personId: person.id, why: 'voter_gone' as const, inputVersion: hash('new'), state, svid }
    this.#enter(tenant, person, 'MatchReopened', data)
  }

  tag(tenant: string, person: KnownPerson): void {
    this.write(ledgerStream(tenant), 'PersonTagged', { tenant, personId: person.id, tag: 'volunteer' })
  }

  publishVoters(state: string, name: string): void {
    this.write(voterFileStream(state), 'VoterFilePublished', {
      state,
      voterFile: hash(name),
      sourceHash: hash(`${name} source`),
      rows: 3,
      rejected: 0,
      masked: 0,
      columns: ['svid', 'last_name'],
      sourceName: `${name}.txt`,
      format: 'florida',
      asOf: '2026-01-01',
    })
  }

  withdrawVoters(state: string, name: string): void {
    this.write(voterFileStream(state), 'VoterFileWithdrawn', { state, voterFile: hash(name) })
  }

  publishRules(tenant: string, name: string): void {
    this.write(rulesetStream(tenant), 'RulesetPublished', { tenant, hash: hash(name), name, ruleset: { tiers: [] } })
  }

  set(tenant: string, key: string, value: string | number | null): void {
    this.write(settingStream(tenant), 'SettingChanged', { tenant, key, value })
  }
}

const candidate = (svid: string, score: number) => ({
  state: 'FL',
  svid,
  matchType: 'name_city' as const,
  score,
  levels: { first_name: 'exact', last_name: 'exact' },
})

const at = (svid: string, score: number) => ({
  state: 'FL',
  svid,
  matchType: 'name_city' as const,
  score,
  candidates: [candidate(svid, score), candidate(`${svid}9`, 0.5)],
})

export const linkedTo = (svid: string, score = 0.9): Decision => ({
  outcome: 'linked',
  reason: 'match',
  ...at(svid, score),
})

export const duplicateAt = (svid: string, holder: string): Decision => ({
  outcome: 'duplicate',
  reason: 'voter_taken',
  duplicateOf: holder,
  ...at(svid, 0.8),
})

export const inReview = (svid: string): Decision => ({ outcome: 'review', reason: 'below_threshold', ...at(svid, 0.6) })

export const unmatched: Decision = { outcome: 'unmatched', reason: 'no_candidate', candidates: [] }
