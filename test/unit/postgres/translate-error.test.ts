import { describe, expect, it } from 'vitest'
import { translateError } from '../../../src/postgres/translate-error.js'

const url = 'postgres://ann:secret@db.example.org:5432/matchbook'
const failed = (message: string, code?: string) =>
  translateError(Object.assign(new Error(message), code === undefined ? {} : { code }), url)

describe('a server that goes away half-way', () => {
  it.each([
    ['Connection terminated unexpectedly', undefined],
    ['Connection terminated', undefined],
    ['Client has encountered a connection error and is not queryable', undefined],
    ['read ECONNRESET', 'ECONNRESET'],
    ['write EPIPE', 'EPIPE'],
    ['terminating connection due to administrator command', '57P01'],
    ['terminating connection because of crash of another server process', '57P02'],
  ])('%s: says where and to run it again, the words of the driver in the details', (said, code) => {
    const failure = failed(said, code)
    expect(failure).toMatchObject({ code: 'SERVER_UNREACHABLE', details: { said } })
    expect(failure?.message).toContain('db.example.org:5432/matchbook broke off')
    expect(failure?.message).toContain('run it again')
    expect(failure?.message).not.toContain(said)
    expect(JSON.stringify(failure)).not.toContain('secret')
  })
})

describe('a server that lets nobody in', () => {
  it.each([
    ['connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED'],
    ['Connection terminated due to connection timeout', undefined],
    ['the database system is starting up', '57P03'],
    ['password authentication failed for user "ann"', '28P01'],
  ])('%s: says so', (said, code) => {
    const failure = failed(said, code)
    expect(failure?.code).toBe('SERVER_UNREACHABLE')
    expect(failure?.message).toContain(`can't be reached, db.example.org:5432/matchbook: ${said}`)
  })
})

it('a wrong statement stays a bug', () => expect(failed('syntax error', '42601')).toBeUndefined())
