import { describe, expect, test } from 'vitest'
import { folderFailure, serverFailure } from '../../../src/postgres/server-failure.js'

describe('serverFailure', () => {
  test('given a log that ends for want of space, then DISK_FULL with the reason and without the chatter', () => {
    const log = [
      '2024-05-01 04:25:06.656 UTC [23974] LOG:  redo starts at 0/15069D8',
      '2024-05-01 04:25:06.794 UTC [23974] FATAL:  could not write to file "pg_wal/x": No space left on device',
      '2024-05-01 04:25:06.819 UTC [23968] LOG:  database system is shut down',
    ].join('\n')
    expect(serverFailure('It stopped', '/data', log)).toMatchObject({
      code: 'DISK_FULL',
      message:
        'It stopped, the disk of /data is full: FATAL:  could not write to file "pg_wal/x": No space left on device',
    })
  })

  test('given another reason, then SERVER_UNREACHABLE with it and a way out', () => {
    const failure = serverFailure('It stopped', '/data', 'LOG:  hello\nFATAL:  bad thing\nHINT:  do good')
    expect(failure.code).toBe('SERVER_UNREACHABLE')
    expect(failure.message).toContain('FATAL:  bad thing | HINT:  do good')
    expect(failure.message).toContain('DATABASE_URL')
  })

  test('given no word of why, then the last lines', () => {
    expect(serverFailure('It stopped', '/data', 'one\ntwo\n').message).toContain('one | two')
    expect(serverFailure('It stopped', '/data', '').message).toContain('it said nothing')
  })
})

describe('folderFailure', () => {
  test.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EACCES', 'BAD_USAGE'],
    ['EROFS', 'BAD_USAGE'],
  ])('%s is %s', (code, expected) => {
    expect(folderFailure(Object.assign(new Error('no'), { code }), '/data')?.code).toBe(expected)
  })

  test('a bug stays a bug', () => {
    expect(folderFailure(new TypeError('x is not a function'), '/data')).toBeUndefined()
    expect(folderFailure({ tag: 'AppError', code: 'DISK_FULL', message: '', details: {} }, '/data')).toBeUndefined()
  })
})
