import { expect, it } from 'vitest'
import { headsFolder } from '../../../src/audit/kept-heads.js'
import { withoutPassword } from '../../../src/cli/url-text.js'
import { readConnectionUrl } from '../../../src/store/eventstoredb/connection-url.js'

it.each([
  ['esdb://ann:secret@h:2113?tls=false', 'esdb://ann@h:2113?tls=false'],
  ['esdb+discover://ann:secret@a:1,b:2/', 'esdb+discover://ann@a:1,b:2/'],
  ['esdb://h:2113', 'esdb://h:2113'],
  ['postgres://ann:secret@h/db?password=secret', 'postgres://ann@h/db'],
  ['embedded', 'embedded'],
])('%s is shown as %s', (url, shown) => expect(withoutPassword(url)).toBe(shown))

it('says hosts with their ports, and the deadline', () => {
  expect(readConnectionUrl('esdb://ann:secret@a,b:5?defaultDeadline=70')).toEqual({
    hosts: ['a:2113', 'b:5'],
    deadline: 70,
  })
  expect(readConnectionUrl('esdb://a')).toEqual({ hosts: ['a:2113'], deadline: 10_000 })
})

it('keeps the heads of each store apart, whoever asks and in whatever order its hosts are named', () => {
  const of = (url: string | undefined): string => headsFolder('data', url)
  expect(of('esdb://ann:secret@a,b?tls=true')).toBe(of('esdb://b:2113,a:2113'))
  expect(new Set([of(undefined), of('esdb://a'), of('esdb://b'), of('postgres://a/db')]).size).toBe(4)
})
