import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePid, pidCount, pidOf, serialOf } from '../../../src/pid/pid.js'

const serial = fc.integer({ min: 0, max: pidCount - 1 })

describe('PIDs', () => {
  it('are six Crockford characters and lead back to their serial', () => {
    fc.assert(
      fc.property(serial, (n) => {
        expect(pidOf(n)).toMatch(/^[0-9A-HJKMNP-TV-Z]{6}$/)
        expect(serialOf(pidOf(n))).toBe(n)
      }),
    )
  })

  it('give no code twice over a long run of serials', () => {
    const seen = new Set<string>()
    for (let n = 0; n < 300_000; n++) seen.add(pidOf(n))
    expect(seen.size).toBe(300_000)
  })

  it('put neighbours far apart', () => {
    let sharedPrefix = 0
    for (let n = 0; n < 10_000; n++) if (pidOf(n).slice(0, 2) === pidOf(n + 1).slice(0, 2)) sharedPrefix++
    expect(sharedPrefix).toBeLessThan(100)
  })

  it('are read as people write them', () => {
    const pid = pidOf(123_456)
    const spoken = pid.toLowerCase().replaceAll('1', 'l').replaceAll('0', 'o')
    expect(parsePid(`${spoken.slice(0, 3)}-${spoken.slice(3)}`)).toBe(pid)
  })

  it('refuse what is no PID', () => {
    for (const text of ['', 'ABC', 'ABCDEFG', 'ABCDEU', 'ÄBCDEF']) expect(parsePid(text)).toBeUndefined()
    expect(() => pidOf(pidCount)).toThrow(RangeError)
  })

  it('never change: the codes of four serials', () => {
    expect([0, 1, 2, pidCount - 1].map(pidOf)).toMatchInlineSnapshot(`
      [
        "Y55AVJ",
        "ED9HD8",
        "5YPVXM",
        "3VZE2W",
      ]
    `)
  })
})
