import type { EventType } from '../events/catalogue.js'
import { bookFamily } from './book/family.js'
import type { Family } from './family.js'
import { personFamily } from './person/family.js'
import { registerFamily } from './register/family.js'
import { runFamily } from './run/family.js'
import type { Table } from './table.js'

/** Families that take a thread each when all is filled anew: what lists say, and what is decided of it, cost about the same. */
export const lanes: readonly (readonly Family[])[] = [[registerFamily, personFamily, runFamily], [bookFamily]]

export const families: readonly Family[] = lanes.flat()

/** Types of which none of these families needs anything personal. */
export const impersonalTo = (own: readonly Family[]): ReadonlySet<string> => {
  const personal = own.flatMap(({ types, impersonal = [] }) => [...types].filter((type) => !impersonal.includes(type)))
  return new Set(own.flatMap(({ impersonal = [] }) => impersonal).filter((type) => !personal.includes(type)))
}

const typesOf = (some: readonly Family[]): ReadonlySet<EventType> => new Set(some.flatMap(({ types }) => [...types]))

/** What other families fold, and none of these. A type that nobody folds is not among them: its events are looked at. */
export const typesOfOthers = (own: readonly Family[]): readonly EventType[] => {
  const types = typesOf(own)
  return [...typesOf(families)].filter((type) => !types.has(type))
}

/** Every table that is folded from events, in the order in which they are created and listed. */
export const tables: readonly Table[] = families.flatMap((family) => family.tables)
