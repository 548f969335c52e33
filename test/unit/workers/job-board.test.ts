import { describe, expect, it } from 'vitest'
import { jobBoard, type PendingJob, workPartitions } from '../../../src/workers/job-board.js'

const job = (name: string, partition: number, rejected: unknown[] = []): PendingJob => ({
  ...{ job: name, state: 'FL', value: Buffer.alloc(0), partition, sentAt: 0 },
  ...{ resolve: () => undefined, reject: (error) => rejected.push(error) },
})

describe('the board of jobs', () => {
  it('gives a job to the partition that has the least to do', () => {
    const board = jobBoard()
    for (let i = 0; i < workPartitions; i++) board.add(job(`${i}`, board.leastBusy('FL')))
    expect([...board.waiting()].map(({ partition }) => partition)).toEqual(
      Array.from({ length: workPartitions }, (_, i) => i),
    )
    board.take('7')
    expect(board.leastBusy('FL')).toBe(7)
    expect(board.leastBusy('GA')).toBe(0)
  })

  it('takes a job once, however often it is answered', () => {
    const board = jobBoard()
    board.add(job('a', 0))
    expect(board.isWaiting('FL')).toBe(true)
    expect(board.take('a')?.job).toBe('a')
    expect(board.take('a')).toBeUndefined()
    expect(board.take("somebody else's")).toBeUndefined()
    expect(board.isWaiting('FL')).toBe(false)
  })

  it('fails what waits and what comes after', () => {
    const board = jobBoard()
    const rejected: unknown[] = []
    board.add(job('a', 0, rejected))
    board.fail('gone')
    board.add(job('b', 1, rejected))
    board.fail('later')
    expect(rejected).toEqual(['gone', 'gone'])
    expect(board.isWaiting('FL')).toBe(false)
  })
})
