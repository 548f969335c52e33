import { type EncodedEvent, encodeEvent } from '../../../events/encode.js'
import { derivedUuid } from '../../../events/ids.js'

const recordedAt = '2026-02-03T04:05:06.789Z'

/** A whole event of the catalogue; the same place gives the same id. */
export const someEvent = (stream: string, place: string | number, tag = `tag ${place}`): EncodedEvent =>
  encodeEvent({
    id: derivedUuid('test event', stream, place),
    type: 'PersonTagged',
    v: 1,
    meta: { actor: 'system', correlationId: derivedUuid('test'), recordedAt, engine: 'test' },
    data: { tenant: 'test', personId: derivedUuid('person', place), tag },
  })

/** As `someEvent`, of another type. */
export const someSetting = (stream: string, place: number): EncodedEvent =>
  encodeEvent({
    id: derivedUuid('test setting', stream, place),
    type: 'SettingChanged',
    v: 1,
    meta: { actor: 'system', correlationId: derivedUuid('test'), recordedAt, engine: 'test' },
    data: { tenant: 'test', key: 'match.threshold', value: place },
  })

export const someEvents = (stream: string, count: number, from = 0): readonly EncodedEvent[] =>
  Array.from({ length: count }, (_, i) => someEvent(stream, from + i))
