import { mensNames, womensNames } from './tables/first-names.js'
import { hispanicMensNames, hispanicWomensNames } from './tables/hispanic-first-names.js'
import {
  hispanicSurnames,
  rareEnds,
  rareHispanicEnds,
  rareHispanicStarts,
  rareStarts,
  surnames,
} from './tables/surnames.js'
import { type Weighted, weighted } from './weighted.js'
import { words } from './words.js'

/** A list of names and the draw of one of them. */
export interface NameTable {
  readonly names: readonly string[]
  readonly draw: Weighted
}

export type Sex = 'F' | 'M'

/** The names that people get: first names by sex and decade of birth (0 = 1920s … 8 = 2000s), surnames by family. */
export interface Names {
  readonly first: Readonly<Record<Sex, readonly NameTable[]>>
  readonly hispanicFirst: Readonly<Record<Sex, NameTable>>
  readonly last: NameTable
  readonly hispanicLast: NameTable
}

export const decades = 9

const byRank = (names: readonly string[], weightAt: (rank: number) => number): NameTable => ({
  names,
  draw: weighted(names.map((_, i) => weightAt(i + 1))),
})

/** Fitted by eye: the fifth name is half as common as the first, the seventieth a twentieth. */
const hispanicFirst: Readonly<Record<Sex, NameTable>> = {
  F: byRank(words(hispanicWomensNames), (rank) => 1 / (rank + 4)),
  M: byRank(words(hispanicMensNames), (rank) => 1 / (rank + 6)),
}

const ownDecades = (text: string): NameTable[] => {
  const rows = words(text).map((word) => word.split(':') as [string, string])
  return Array.from({ length: decades }, (_, decade) => ({
    names: rows.map(([name]) => name),
    draw: weighted(rows.map(([, levels]) => (levels[decade] === '0' ? 0 : 2 ** Number(levels[decade])))),
  }))
}

/** Common names by rank on a curve, then invented rare ones that share `tail` of all people. */
const ownSurnames = (
  common: readonly string[],
  weightAt: (rank: number) => number,
  [starts, ends]: readonly [string, string],
  tail: number,
): NameTable => {
  const taken = new Set(common)
  const rare = words(starts)
    .flatMap((start) => words(ends).map((end) => start + end))
    .filter((name) => !taken.has(name))
  const curve = common.map((_, i) => weightAt(i + 1))
  const commonShare = curve.reduce((sum, weight) => sum + weight, 0)
  // Rare ones differ too: a name's place in the product decides, from three times the mean down to almost none.
  const rareWeight = rare.map((_, i) => 1 / (1 + ((i * 7919) % rare.length)) ** 0.4)
  const rareSum = rareWeight.reduce((sum, weight) => sum + weight, 0)
  const scale = (tail * commonShare) / ((1 - tail) * rareSum)
  return { names: [...common, ...rare], draw: weighted([...curve, ...rareWeight.map((weight) => weight * scale)]) }
}

/** The names of the project's own tables; the surname curves are fitted to the census of 2010. */
export const ownNames = (): Names => ({
  first: { F: ownDecades(womensNames), M: ownDecades(mensNames) },
  hispanicFirst,
  last: ownSurnames(words(surnames), (rank) => 0.024 / (rank + 2.6) ** 0.76, [rareStarts, rareEnds], 0.72),
  hispanicLast: ownSurnames(
    words(hispanicSurnames),
    (rank) => 0.185 / (rank + 5.17),
    [rareHispanicStarts, rareHispanicEnds],
    0.33,
  ),
})

/** A row of a large table: a surname with how many people bear it and which share of them is Spanish-speaking. */
export interface SurnameRow {
  readonly name: string
  readonly count: number
  readonly hispanicShare: number
}

export interface FirstNameRow {
  readonly name: string
  readonly sex: Sex
  readonly decade: number
  readonly count: number
}

const decadeTable = (rows: readonly FirstNameRow[]): NameTable => ({
  names: rows.map((row) => row.name),
  draw: weighted(rows.map((row) => row.count)),
})

/** Names from large tables. Every sex and decade has at least one row: `readTables` has checked it. */
export const namesOf = (firstNames: readonly FirstNameRow[], lastNames: readonly SurnameRow[]): Names => {
  const table = (sex: Sex): NameTable[] =>
    Array.from({ length: decades }, (_, decade) =>
      decadeTable(firstNames.filter((row) => row.sex === sex && row.decade === decade)),
    )
  return {
    first: { F: table('F'), M: table('M') },
    hispanicFirst,
    last: {
      names: lastNames.map((row) => row.name),
      draw: weighted(lastNames.map((row) => row.count * (1 - row.hispanicShare))),
    },
    hispanicLast: {
      names: lastNames.map((row) => row.name),
      draw: weighted(lastNames.map((row) => row.count * row.hispanicShare)),
    },
  }
}
