import { bookFamily } from './book/family.js'
import type { Family } from './family.js'
import { personFamily } from './person/family.js'
import { registerFamily } from './register/family.js'
import { runFamily } from './run/family.js'
import type { Table } from './table.js'

export const families: readonly Family[] = [registerFamily, personFamily, runFamily, bookFamily]

/** Every table that is folded from events, in the order in which they are created and listed. */
export const tables: readonly Table[] = families.flatMap((family) => family.tables)
