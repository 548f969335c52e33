import { describe, expect, it } from 'vitest'
import { parseMoment, refuseFuture } from '../../../src/audit/as-of.js'

describe('a moment of the past', () => {
  it.each([
    ['17', { position: 17 }],
    ['2026-03-01', { time: '2026-03-01T23:59:59.999Z' }],
    ['2026-03-01T12:00', { time: '2026-03-01T12:00:00.000Z' }],
    ['2026-03-01 12:00:05', { time: '2026-03-01T12:00:05.000Z' }],
    ['2026-03-01T12:00:00Z', { time: '2026-03-01T12:00:00.000Z' }],
    ['2026-03-01T12:00:00-05:00', { time: '2026-03-01T17:00:00.000Z' }],
  ])('%s', (text, moment) => {
    expect(parseMoment(text)).toEqual(moment)
  })

  it.each(['2026-02-30', '', '-1', '1.5', 'yesterday', '2026-13-01', '2026-02-30T25:00Z', '03/01/2026'])(
    'refuses %j',
    (text) => {
      expect(() => parseMoment(text)).toThrow(expect.objectContaining({ code: 'BAD_USAGE' }))
    },
  )

  it('is not to come', () => {
    const now = new Date('2026-03-01T12:00:00Z')
    refuseFuture({ position: 5 }, 5, now)
    refuseFuture(parseMoment('2026-03-01'), 5, now)
    expect(() => refuseFuture({ position: 6 }, 5, now)).toThrow(/newest event stands at position 5/)
    expect(() => refuseFuture(parseMoment('2026-03-02'), 5, now)).toThrow(/in the future/)
  })
})
