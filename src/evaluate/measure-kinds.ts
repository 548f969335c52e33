import { type Links, measureLinks, type Truth } from './measure-links.js'

export interface KindLinks extends Links {
  readonly kind: string
  readonly contacts: number
  readonly truePairs: number
}

/** What links come to among the contacts of each kind, and among those of none; the kinds with most contacts first. */
export const measureKinds = (
  kinds: ReadonlyMap<string, readonly number[]>,
  links: Int32Array,
  truth: Truth,
): readonly KindLinks[] => {
  const some = new Set([...kinds.values()].flat())
  const none = [...links.keys()].filter((i) => !some.has(i))
  return [...kinds, ['none', none] as const]
    .map(([kind, contacts]) => {
      const voters = Int32Array.from(contacts, (i) => truth.voters[i]!)
      const pairs = voters.reduce((n, row) => (row >= 0 ? n + 1 : n), 0)
      const measured = measureLinks(
        Int32Array.from(contacts, (i) => links[i]!),
        { voters, pairs },
      )
      return { kind, contacts: contacts.length, truePairs: pairs, ...measured }
    })
    .sort((a, b) => b.contacts - a.contacts)
}
