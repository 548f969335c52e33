import fc from 'fast-check'
import { duplicateAt, inReview, type KnownPerson, linkedTo, unmatched, World, type Written } from './world.js'

/** One thing that happens; numbers choose among what there is at that time. */
interface Happening {
  readonly kind: (typeof kinds)[number]
  readonly tenant: 'a' | 'b'
  readonly who: number
  readonly voter: number
}

const kinds = [
  'new contact',
  'new contact',
  'new contact',
  'known contact',
  'reject row',
  'start import',
  'complete import',
  'start run',
  'complete run',
  'link',
  'link',
  'link',
  'review',
  'unmatch',
  'change places',
  'verify',
  'link by hand',
  'reject',
  'unlink',
  'undo',
  'reopen',
  'tag',
  'publish voters',
  'withdraw voters',
  'rules',
  'setting',
] as const

const happening: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constantFrom(...kinds),
  tenant: fc.constantFrom('a' as const, 'b' as const),
  who: fc.nat(50),
  // few voters, so that persons meet at them
  voter: fc.nat(5),
})

const firstNames = ['Ann', 'Bo', 'Cy']

const contactOf = (who: number, voter: number): Record<string, unknown> => ({
  id: String(who),
  first_name: firstNames[who % 3],
  last_name: 'Lee',
  ...(who % 2 === 0 ? { phone: `+1305555010${voter}` } : { email: `p${voter}@example.org` }),
  ...(who % 5 === 0 ? { address1: `${voter} Main St`, zip: '33101' } : { city: 'Miami' }),
  ...(who % 7 === 0 ? { custom: { Shirt: String(voter) }, extra: { district: '7' } } : {}),
})

/** A link as a run records it: a voter that another person holds makes a duplicate, one that a human gave stays. */
const link = (world: World, tenant: string, person: KnownPerson, svid: string): void => {
  const holder = world.book(tenant).holders.get(`FL:${svid}`)
  if (holder !== undefined && holder !== person) world.decide(tenant, person, duplicateAt(svid, holder.id))
  else world.decide(tenant, person, linkedTo(svid))
}

/** Two linked persons swap voters, each new link recorded before the other's old one is gone. */
const changePlaces = (world: World, tenant: string, who: number): void => {
  const linked = [...world.book(tenant).holders.values()].filter(({ entry }) => entry.verdict === null)
  const one = linked[who % Math.max(1, linked.length)]
  const other = linked[(who + 1) % Math.max(1, linked.length)]
  if (one === undefined || other === undefined || one === other) return
  const [first, second] = [one.entry.link!.svid, other.entry.link!.svid]
  world.decide(tenant, one, linkedTo(second))
  world.decide(tenant, other, linkedTo(first))
}

export const happen = (world: World, { kind, tenant, who, voter }: Happening): void => {
  const svid = `0${voter}`
  const { persons } = world.book(tenant)
  const person = persons[who % Math.max(1, persons.length)]
  if (kind === 'new contact') world.importContact(tenant, contactOf(who, voter))
  else if (kind === 'reject row') world.rejectRow(tenant)
  else if (kind === 'start import') world.startImport(tenant)
  else if (kind === 'complete import') world.completeImport(tenant)
  else if (kind === 'start run') world.startRun(tenant)
  else if (kind === 'complete run') world.completeRun(tenant)
  else if (kind === 'change places') changePlaces(world, tenant, who)
  else if (kind === 'publish voters') world.publishVoters('FL', `file ${voter}`)
  else if (kind === 'rules') world.publishRules(tenant, `rules ${voter}`)
  else if (kind === 'setting') world.set(tenant, `key ${voter}`, who % 4 === 0 ? null : who)
  else if (kind === 'withdraw voters') withdraw(world, voter)
  else if (person === undefined) return
  else if (kind === 'known contact') world.importContact(tenant, contactOf(who, voter), person)
  else if (kind === 'link') link(world, tenant, person, svid)
  else if (kind === 'review') world.decide(tenant, person, inReview(svid))
  else if (kind === 'unmatch') world.decide(tenant, person, unmatched)
  else if (kind === 'verify') world.say(tenant, person, 'MatchVerified', person.entry.link?.svid ?? svid)
  else if (kind === 'link by hand') world.say(tenant, person, 'PersonLinked', svid)
  else if (kind === 'reject') world.say(tenant, person, 'CandidateRejected', svid)
  else if (kind === 'unlink') world.say(tenant, person, 'PersonUnlinked', person.entry.link?.svid ?? svid)
  else if (kind === 'undo') world.undo(tenant, person)
  else if (kind === 'reopen') world.reopen(tenant, person)
  else if (kind === 'tag') world.tag(tenant, person)
}

const withdraw = (world: World, voter: number): void => {
  const published = world.written.some(
    ({ event }) => event.type === 'VoterFilePublished' && event.data.sourceName === `file ${voter}.txt`,
  )
  if (published) world.withdrawVoters('FL', `file ${voter}`)
}

/** Histories that the program could have written. `startedAt` moves every time and nothing else. */
export const happenings = fc.array(happening, { minLength: 20, maxLength: 120, size: 'max' })

export const historyOf = (all: readonly Happening[], startedAt?: number): readonly Written[] => {
  const world = new World(startedAt)
  for (const one of all) happen(world, one)
  return world.written
}
