import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { kafkaOf, readConfig } from '../../src/config.js'
import { isAppError } from '../../src/errors.js'

const databaseUrl = (text: string): string | undefined => readConfig({}, { DATABASE_URL: text }).databaseUrl

const failureOf = (text: string): unknown => {
  try {
    return databaseUrl(text)
  } catch (error) {
    return error
  }
}

describe('DATABASE_URL', () => {
  it.each([
    'postgres://user:secret@db.example.org/matchbook',
    'postgresql://db.example.org:5433/matchbook?sslmode=require',
    'postgres:///matchbook?host=/var/run/postgresql',
    'postgres://user:se%40cret@[::1]/matchbook',
  ])('%s is one', (url) => expect(databaseUrl(url)).toBe(url))

  it('that is empty counts as none', () => expect(databaseUrl('')).toBeUndefined())

  it.each([
    'garbage',
    'user:secret@db.example.org/matchbook',
    'mysql://user:secret@db.example.org/matchbook',
    'postgres://user:secret@db.example.org:99999/matchbook',
    'postgres://user:secret%zz@db.example.org/matchbook',
  ])('%s is none: BAD_USAGE, which does not tell the password', (url) => {
    const failure = failureOf(url)
    if (!isAppError(failure)) throw new Error(`taken: ${failure}`)
    expect(failure.code).toBe('BAD_USAGE')
    expect(JSON.stringify(failure)).not.toContain('secret')
  })

  const self = fileURLToPath(import.meta.url)
  it.each([
    ['sslrootcert', '/missing/ca.pem', /ENOENT/],
    ['sslcert', self, /no start line/],
    ['sslkey', self, /unsupported/],
  ])('whose %s is %s: BAD_USAGE with parameter, file and reason', (parameter, file, reason) => {
    const failure = failureOf(`postgres://user:secret@db.example.org/matchbook?${parameter}=${file}`)
    if (!isAppError(failure)) throw new Error(`taken: ${failure}`)
    expect(failure.code).toBe('BAD_USAGE')
    expect(failure.message).toContain(`${parameter} "${file}"`)
    expect(failure.message).toMatch(reason)
    expect(failure.message).not.toContain('user:secret')
  })
})

describe('who matches', () => {
  const workersOf = (value: string | undefined) =>
    readConfig({}, value === undefined ? {} : { MATCHBOOK_WORKERS: value }).workers

  it('is this process unless MATCHBOOK_WORKERS says kafka', () => {
    expect([workersOf(undefined), workersOf(''), workersOf('kafka')]).toEqual([undefined, undefined, 'kafka'])
  })

  it('can be nobody else, and needs brokers: BAD_USAGE', () => {
    expect(() => workersOf('threads')).toThrow(expect.objectContaining({ code: 'BAD_USAGE' }))
    expect(() => kafkaOf({ kafka: undefined })).toThrow(expect.objectContaining({ code: 'BAD_USAGE' }))
  })
})

describe('EVENTSTORE_URL', () => {
  const eventStoreUrl = (text: string): string | undefined => readConfig({}, { EVENTSTORE_URL: text }).eventStoreUrl
  const failure = (text: string): unknown => {
    try {
      return eventStoreUrl(text)
    } catch (error) {
      return error
    }
  }

  it.each([
    'esdb://localhost:2113?tls=false',
    'esdb://ann:se%40cret@events.example.org',
    'esdb://ann:secret@a.example.org:2113,b.example.org:2113,c.example.org:2113?tls=true&nodePreference=leader',
    'esdb+discover://ann:secret@cluster.example.org?keepAliveInterval=10000&defaultDeadline=5000',
  ])('%s is one', (url) => expect(eventStoreUrl(url)).toBe(url))

  it('that is empty counts as none', () => expect(eventStoreUrl('')).toBeUndefined())

  const self = fileURLToPath(import.meta.url)
  it.each([
    ['garbage', /form esdb/],
    ['http://ann:secret@events.example.org:2113', /form esdb/],
    ['esdb://ann:secret@', /form esdb/],
    ['esdb://ann:secret@events.example.org:port', /form esdb/],
    ['esdb://ann:secret%zz@events.example.org', /form esdb/],
    ['esdb://ann:secret@events.example.org?tls=maybe', /"tls"/],
    ['esdb://ann:secret@events.example.org?tlsVerifyCert=false', /"tlsVerifyCert"/],
    ['esdb://ann:secret@events.example.org?throwOnAppendFailure=false', /"throwOnAppendFailure"/],
    ['esdb://ann:secret@events.example.org?defaultDeadline=0', /"defaultDeadline"/],
    ['esdb://ann:secret@events.example.org?tlsCAFile=/missing/ca.pem', /tlsCAFile "\/missing\/ca.pem".*ENOENT/],
    [`esdb://ann:secret@events.example.org?tlsCAFile=${self}`, /no start line/],
    ['esdb://ann:secret@events.example.org?userCertFile=', /userCertFile/],
  ])('%s is none: BAD_USAGE with the reason, which does not tell the password', (url, reason) => {
    const found = failure(url)
    if (!isAppError(found)) throw new Error(`taken: ${found}`)
    expect(found.code).toBe('BAD_USAGE')
    expect(found.message).toMatch(reason)
    expect(JSON.stringify(found)).not.toContain('secret')
  })
})
