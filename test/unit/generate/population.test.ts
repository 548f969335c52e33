import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { registerYear } from '../../../src/generate/adult.js'
import { drawEntries } from '../../../src/generate/entries.js'
import { householdsOf } from '../../../src/generate/household.js'
import type { Individual } from '../../../src/generate/individual.js'
import { countyCodes, ownZips, placesOf } from '../../../src/generate/places.js'
import { countPopulation, findOther, findVoter, peopleOf } from '../../../src/generate/population.js'
import { Random } from '../../../src/generate/random.js'
import { ownNames } from '../../../src/generate/read-names.js'

const seed = 11
const voters = 30_000
const population = countPopulation(voters, seed)
const people = peopleOf(population, householdsOf(placesOf(ownZips(), seed), ownNames(), new Random(seed)), seed)
const households = Array.from({ length: population.households }, (_, household) => people(household))
const everybody = households.flat()
const shareOf = (test: (person: Individual) => boolean): number => everybody.filter(test).length / everybody.length

describe('countPopulation', () => {
  it('numbers exactly the wanted voters, each once', () => {
    const serials = everybody.map(({ voter }) => voter).filter((voter) => voter !== -1)
    expect(serials).toEqual(Array.from({ length: voters }, (_, i) => i))
  })

  it('registers about half of the adults', () => {
    expect(shareOf(({ voter }) => voter !== -1)).toBeCloseTo(0.497, 1)
  })

  it('gives no household more than five adults, as their sequences assume', () => {
    expect(Math.max(...households.map(({ length }) => length))).toBe(5)
  })

  it('holds any small number of voters', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(), (wanted, anySeed) => {
        expect(countPopulation(wanted, anySeed).voters.at(-1)).toBe(wanted)
      }),
    )
  })
})

describe('findVoter and findOther', () => {
  it('make the n-th alone, the same as in passing', () => {
    const others = everybody.filter(({ voter }) => voter === -1)
    const registered = everybody.filter(({ voter }) => voter !== -1)
    for (let n = 0; n < 500; n++) {
      const at = (n * 7919) % voters
      expect(findVoter(population, people, at)).toEqual(registered[at])
      expect(findOther(population, people, at % others.length)).toEqual(others[at % others.length])
    }
  })
})

describe('households', () => {
  it('hold adults only', () => {
    for (const { adult } of everybody) {
      expect(adult.born.year).toBeLessThanOrEqual(registerYear - 18)
      expect(adult.born.year).toBeGreaterThanOrEqual(1920)
    }
  })

  it('hold a namesake pair in about 2 of 100, who share their names and not their age', () => {
    const pairs = households.flatMap((home) =>
      home.filter(({ adult }) => adult.namesake === 'junior').map((junior) => ({ home, junior })),
    )
    expect(pairs.length / households.length).toBeGreaterThan(0.015)
    expect(pairs.length / households.length).toBeLessThan(0.025)
    for (const { home, junior } of pairs) {
      const senior = home.find(({ adult }) => adult.namesake === 'senior' && adult.first === junior.adult.first)
      expect(senior?.adult.last).toBe(junior.adult.last)
      expect(junior.adult.born.year - senior!.adult.born.year).toBeGreaterThan(12)
    }
  })

  it('hold twins born on one day', () => {
    const twins = households.filter((home) => home.some(({ adult }) => adult.twin))
    expect(twins.length).toBeGreaterThan(20)
    for (const home of twins) {
      const days = home.filter(({ adult }) => adult.twin).map(({ adult }) => JSON.stringify(adult.born))
      expect(days.length).toBeGreaterThan(1)
      expect(new Set(days).size).toBe(1)
    }
  })

  it('share a surname among most couples, and changed it for women more than for men', () => {
    const changed = (sex: 'F' | 'M') => shareOf(({ adult }) => adult.sex === sex && adult.last !== adult.bornAs)
    expect(changed('F')).toBeGreaterThan(0.15)
    expect(changed('M')).toBeLessThan(0.01)
  })
})

describe('drawEntries', () => {
  const entryAt = drawEntries(population, people, seed)
  const entries = Array.from({ length: 10_000 }, (_, n) => entryAt(n))
  const keyOf = ({ household, slot }: Individual) => `${household}.${slot}`

  it('means three voters in four, and half of the others live with one', () => {
    const others = entries.filter(({ person }) => person.voter === -1)
    expect(others.length / entries.length).toBeCloseTo(0.25, 1)
    const housemates = others.filter(({ person }) => people(person.household).some(({ voter }) => voter !== -1))
    expect(housemates.length / others.length).toBeGreaterThan(0.3)
  })

  it('means somebody twice only in the 3 in 100 that repeat', () => {
    const seen = new Set<string>()
    for (const { person, repeats } of entries) {
      expect(seen.has(keyOf(person))).toBe(repeats)
      seen.add(keyOf(person))
    }
    expect(1 - seen.size / entries.length).toBeGreaterThan(0.02)
    expect(1 - seen.size / entries.length).toBeLessThan(0.04)
  })
})

describe('places', () => {
  it('lie in the 67 counties', () => {
    expect(new Set(countyCodes).size).toBe(67)
    for (const place of placesOf(ownZips(), seed).all) expect(countyCodes).toContain(place.county)
  })

  it('find a county for every ZIP of Florida', () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({ zip: String(32_000 + i), city: `CITY ${i}`, people: 10 }))
    for (const place of placesOf(rows, seed).all) expect(countyCodes).toContain(place.county)
  })
})
