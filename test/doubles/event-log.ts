/** A record of the double's log, as the real server keeps it: its position is its offset. */
export interface LogRecord {
  readonly position: number
  readonly stream: string
  readonly revision: number
  readonly id: string
  readonly type: string
  readonly contentType: string
  readonly data: Uint8Array
  readonly metadata: Uint8Array
  readonly createdAt: number
}

export type Proposed = Pick<LogRecord, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>

export type Expected = number | 'any' | 'no_stream' | 'stream_exists'

export type Written =
  | { readonly kind: 'written'; readonly revision: number; readonly position: number }
  | { readonly kind: 'wrong version'; readonly actual: number }

export interface EventLog {
  readonly records: readonly LogRecord[]
  readonly append: (stream: string, events: readonly Proposed[], expected: Expected) => Written
  readonly stream: (name: string) => readonly LogRecord[] | undefined
  /** index of the first record at or behind a position */
  readonly indexOf: (position: number) => number
  /** resolves when something was appended, or the signal aborts */
  readonly grown: (signal: AbortSignal) => Promise<void>
}

/** What a record takes beside its texts, about. */
const recordOverhead = 77
/** The server writes of its own: one event after so many of others. */
const systemEvery = 23

/** As the real server judges: by stream, expected revision and the ids that stand at that very place. */
const judge = (
  own: readonly LogRecord[],
  ids: readonly string[],
  expected: Expected,
  placeOf: (id: string) => number | undefined,
): 'write' | 'wrong' | { readonly idempotent: number } => {
  const current = own.length - 1
  if (expected === 'any' || expected === 'stream_exists') {
    if (expected === 'stream_exists' && current < 0) return 'wrong'
    const places = ids.map(placeOf)
    if (places[0] === undefined) return 'write'
    const strayed = places.includes(undefined)
    return strayed ? 'wrong' : { idempotent: places[places.length - 1]! }
  }
  const version = expected === 'no_stream' ? -1 : expected
  if (version > current) return 'wrong'
  if (version === current) return 'write'
  const stand = ids.every((id, i) => own[version + 1 + i]?.id === id)
  return stand && ids.length > 0 ? { idempotent: version + ids.length } : 'wrong'
}

export const eventLog = (): EventLog => {
  const records: LogRecord[] = []
  const streams = new Map<string, LogRecord[]>()
  /** the server remembers where ids stand by stream: the same id may stand in several */
  const places = new Map<string, number>()
  const waiting = new Set<() => void>()
  let end = 0
  let untilSystem = systemEvery

  const write = (stream: string, event: Proposed): LogRecord => {
    const own = streams.get(stream) ?? []
    const record = { ...event, position: end, stream, revision: own.length, createdAt: Date.now() }
    records.push(record)
    own.push(record)
    streams.set(stream, own)
    places.set(`${event.id} ${stream}`, record.revision)
    end += recordOverhead + 2 * stream.length + 2 * event.type.length + event.data.length + event.metadata.length
    return record
  }
  const writeSystemEvents = (): void => {
    const nothing = { contentType: 'application/json', data: Buffer.from('{}'), metadata: new Uint8Array() }
    const id = `00000000-0000-4000-8000-${String(records.length).padStart(12, '0')}`
    write('$$$stats-127.0.0.1:2113', { ...nothing, id, type: '$metadata' })
    write('$ce-matchbook', { ...nothing, id: id.replace('4000', '4001'), type: '$>' })
  }
  writeSystemEvents()

  return {
    records,
    append: (stream, events, expected) => {
      const own = streams.get(stream) ?? []
      const ids = events.map(({ id }) => id)
      const judged = judge(own, ids, expected, (id) => places.get(`${id} ${stream}`))
      if (judged === 'wrong') return { kind: 'wrong version', actual: own.length - 1 }
      if (judged !== 'write') {
        const { revision, position } = own[judged.idempotent]!
        return { kind: 'written', revision, position }
      }
      let last: LogRecord | undefined
      for (const event of events) last = write(stream, event)
      untilSystem -= events.length
      if (untilSystem <= 0) {
        writeSystemEvents()
        untilSystem = systemEvery
      }
      for (const wake of [...waiting]) wake()
      return { kind: 'written', revision: last?.revision ?? own.length - 1, position: last?.position ?? -1 }
    },
    stream: (name) => streams.get(name),
    indexOf: (position) => {
      let low = 0
      let high = records.length
      while (low < high) {
        const middle = (low + high) >> 1
        if (records[middle]!.position < position) low = middle + 1
        else high = middle
      }
      return low
    },
    grown: (signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          waiting.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        if (signal.aborted) return resolve()
        waiting.add(wake)
        signal.addEventListener('abort', wake)
      }),
  }
}
