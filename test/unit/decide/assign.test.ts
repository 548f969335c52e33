import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Claim, holderOf, withHolder } from '../../../src/decide/assign.js'

const claims = fc.uniqueArray(
  fc.record({
    personId: fc.uuid(),
    verified: fc.boolean(),
    score: fc.constantFrom(0.7, 0.95, 1),
    order: fc.nat(),
  }),
  { minLength: 1, maxLength: 8, selector: ({ order }) => order },
)

describe('who keeps a voter', () => {
  it('is the same whatever the order of the claims, and nobody beats the holder', () => {
    fc.assert(
      fc.property(claims, fc.integer(), (all, turn) => {
        const holder = holderOf(all as [Claim, ...Claim[]])
        const by = Math.abs(turn) % all.length
        const turned = [...all.slice(by), ...all.slice(0, by)].reverse()
        expect(holderOf(turned as [Claim, ...Claim[]])).toBe(holder)
        for (const other of all) {
          if (other === holder) continue
          if (other.verified !== holder.verified) expect(holder.verified).toBe(true)
          else if (other.score !== holder.score) expect(holder.score).toBeGreaterThan(other.score)
          else expect(holder.order).toBeLessThan(other.order)
        }
      }),
    )
  })

  it('turns a claim into linked or duplicate and back', () => {
    const decision = { outcome: 'linked', reason: 'match', candidates: [], state: 'FL', svid: '1' } as const
    const lost = withHolder({ ...decision, candidates: [] }, 'p', 'q')
    expect(lost).toMatchObject({ outcome: 'duplicate', reason: 'voter_taken', duplicateOf: 'q', svid: '1' })
    expect(withHolder(lost, 'p', 'p')).toEqual(decision)
  })
})
