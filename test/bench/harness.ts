import { readFileSync, writeFileSync } from 'node:fs'

export interface BenchOptions {
  /** the bench's own measure of size; its default unless given */
  readonly size: number | undefined
  readonly seed: number
  /** how often subject and yardstick run each; the bench's default unless given */
  readonly rounds: number | undefined
  /** the sizes of benches that match; the bench's default unless given */
  readonly voters: number | undefined
  readonly contacts: number | undefined
  /** a Python that has Splink 5; the peer is left out unless given */
  readonly splink: string | undefined
  /** a folder of frequency tables for the generator; its own small ones unless given */
  readonly tables: string | undefined
  readonly format: 'table' | 'json'
}

/** What a file test/bench/NAME.ts exports as `bench`. */
export type Bench = (options: BenchOptions) => Promise<void>

/** Does the work once and answers its seconds, without those of its preparation; another process also says its memory. */
export type Side = (round: number) => Promise<number | Ran>

export interface Ran {
  readonly seconds: number
  readonly peakRssMiB: number
}

export interface Comparison {
  readonly name: string
  /** how many of `unit` one run handles */
  readonly amount: number
  readonly unit: string
  readonly rounds: number
  readonly subject: Side
  /** what the subject is held against, on the same data in the same run */
  readonly yardstick: Side
  /** the subject's rate over the yardstick's must not be lower */
  readonly bar: number
}

export interface Measured {
  readonly name: string
  readonly amount: number
  readonly unit: string
  /** medians, seconds */
  readonly subject: number
  readonly yardstick: number
  /** median of the rounds' ratios of rates: above 1, the subject is faster */
  readonly ratio: number
  readonly bar: number
  /** the most memory that the process held during a run of the side, in MiB */
  readonly subjectRssMiB: number
  readonly yardstickRssMiB: number
}

/** Seconds that `work` takes. */
export const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The most memory held since the last reset, in MiB: VmHWM on Linux, elsewhere the most since the process began. */
export const peakRssMiB = (): number => {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return Number(kib) / 1024
}

/** Lets the peak begin anew at what is held now; what earlier work left behind is collected first if node may. */
export const resetPeakRss = (): void => {
  globalThis.gc?.()
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5')
}

/** Runs both sides in turn, each first in every second round. Progress goes to stderr. */
export const compare = async (comparison: Comparison): Promise<Measured> => {
  const { subject, yardstick, rounds, name, amount, unit, bar } = comparison
  const seconds = { subject: [] as number[], yardstick: [] as number[] }
  const peaks = { subject: 0, yardstick: 0 }
  const sides = { subject, yardstick }
  const run = async (side: 'subject' | 'yardstick', round: number) => {
    resetPeakRss()
    const ran = await sides[side](round)
    seconds[side].push(typeof ran === 'number' ? ran : ran.seconds)
    peaks[side] = Math.max(peaks[side], typeof ran === 'number' ? peakRssMiB() : ran.peakRssMiB)
  }
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? (['yardstick', 'subject'] as const) : (['subject', 'yardstick'] as const)
    for (const side of order) await run(side, round)
    const [s, y] = [seconds.subject[round]!, seconds.yardstick[round]!]
    process.stderr.write(`${name} ${round + 1}/${rounds}: ${s.toFixed(2)} s against ${y.toFixed(2)} s\n`)
  }
  return {
    name,
    amount,
    unit,
    subject: median(seconds.subject),
    yardstick: median(seconds.yardstick),
    ratio: median(seconds.subject.map((s, i) => seconds.yardstick[i]! / s)),
    bar,
    subjectRssMiB: peaks.subject,
    yardstickRssMiB: peaks.yardstick,
  }
}
