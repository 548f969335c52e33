import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../events/catalogue.js'
import { decodeEvent, encodeEvent } from '../../../events/encode.js'
import { type RawEvent, upcast, upcasters } from '../../../events/upcast.js'

interface Stored {
  readonly type: string
  readonly v: number
  readonly sha256: string
  readonly body: string
}

/** Events as they were written once. Never edit these: events written once decode for ever. */
const stored = JSON.parse(
  readFileSync(new URL('./stored/version-1.json', import.meta.url), 'utf8'),
) as readonly Stored[]

const bodyOf = (type: string): Record<string, unknown> => JSON.parse(stored.find((one) => one.type === type)!.body)

describe('the catalogue', () => {
  it('has a stored event of every type', () => {
    expect(stored.map(({ type }) => type).sort()).toEqual(Object.keys(catalogue).sort())
  })

  it.each(stored)('reads a stored $type and writes the same bytes', ({ body, sha256 }) => {
    const decoded = decodeEvent(body)
    if (isLeft(decoded)) throw new Error(decoded.left)
    if (upcasters[decoded.right.type] !== undefined) return
    const again = encodeEvent(decoded.right)
    expect(again.body).toBe(body)
    expect(again.sha256.toString('hex')).toBe(sha256)
  })

  it('names every failing path with its value', () => {
    const event = bodyOf('ContactImported') as { data: Record<string, unknown> }
    event.data['row'] = 0
    event.data['pid'] = 'U12345'
    const decoded = decodeEvent(JSON.stringify(event))
    expect(decoded).toMatchObject({ _tag: 'Left' })
    const message = isLeft(decoded) ? decoded.left : ''
    expect(message).toContain('row: 0')
    expect(message).toContain('pid: "U12345"')
  })

  it('refuses what is no event, of no known type, or from the future', () => {
    for (const body of ['', '{', 'null', '[]', '{"type":"ContactImported"}'])
      expect(isLeft(decodeEvent(body))).toBe(true)
    const event = bodyOf('SettingChanged')
    expect(isLeft(decodeEvent(JSON.stringify({ ...event, type: 'SettingForgotten' })))).toBe(true)
    expect(isLeft(decodeEvent(JSON.stringify({ ...event, v: 2 })))).toBe(true)
  })

  it('refuses any event with one character changed in an id, a hash or a key', () => {
    const body = stored.find(({ type }) => type === 'MatchDecided')!.body
    const spots = [...body.matchAll(/"(?:personId|runId|ruleset|inputVersion)":"(.)/g)].map(
      (m) => m.index + m[0].length - 1,
    )
    fc.assert(
      fc.property(fc.constantFrom(...spots), (at) => {
        expect(isLeft(decodeEvent(`${body.slice(0, at)}z${body.slice(at + 1)}`))).toBe(true)
      }),
    )
  })
})

describe('upcasters', () => {
  const chains = {
    SettingChanged: [
      (e: RawEvent) => ({ ...e, data: { ...e.data, since: 'start' } }),
      (e: RawEvent) => ({ ...e, data: { ...e.data, key: String(e.data['key']).toUpperCase() } }),
    ],
  }
  const first = bodyOf('SettingChanged')

  it('lift a stored version 1 through two versions', () => {
    const lifted = upcast(first, chains)
    expect(lifted).toMatchObject({ right: { v: 3, data: { key: 'MATCH.THRESHOLD', since: 'start', value: 0.75 } } })
  })

  it('start where the event stands', () => {
    expect(upcast({ ...first, v: 2 }, chains)).toMatchObject({ right: { v: 3, data: { key: 'MATCH.THRESHOLD' } } })
    expect(upcast({ ...first, v: 3 }, chains)).toMatchObject({ right: { v: 3, data: { key: 'match.threshold' } } })
    expect(isLeft(upcast({ ...first, v: 4 }, chains))).toBe(true)
  })
})
