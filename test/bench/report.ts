import type { BenchOptions, Measured } from './harness.js'

export type Bar = { readonly atLeast: number } | { readonly atMost: number }

/** What is held against a bar and is no ratio of two rates of the same work. */
export interface Figure {
  readonly name: string
  readonly subject: string
  readonly yardstick: string
  readonly value: number
  /** none: it is shown and decides nothing */
  readonly bar?: Bar
  readonly memory?: string
}

export const rateText = (amount: number, unit: string, seconds: number): string =>
  `${Math.round(amount / seconds).toLocaleString('en')} ${unit}/s`

export const memoryText = (...mib: readonly number[]): string => `${mib.map(Math.round).join(' / ')} MiB`

const figureOf = (result: Measured | Figure): Figure =>
  'value' in result
    ? result
    : {
        name: result.name,
        subject: rateText(result.amount, result.unit, result.subject),
        yardstick: rateText(result.amount, result.unit, result.yardstick),
        value: result.ratio,
        bar: { atLeast: result.bar },
        memory: memoryText(result.subjectRssMiB, result.yardstickRssMiB),
      }

const isMissed = ({ value, bar }: Figure): boolean =>
  bar !== undefined && !('atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost)

const barText = (figure: Figure): string => {
  const { bar } = figure
  if (bar === undefined) return ''
  return `${'atLeast' in bar ? `≥ ${bar.atLeast}` : `≤ ${bar.atMost}`} ${isMissed(figure) ? 'MISSED' : 'held'}`
}

const valueText = (value: number): string => (value < 0.1 ? value.toFixed(4) : value.toFixed(2))

/** A small table, or JSON; exit code 6 when a bar is missed. */
export const report = (results: readonly (Measured | Figure)[], { format }: Pick<BenchOptions, 'format'>): void => {
  const figures = results.map(figureOf)
  if (figures.some(isMissed)) process.exitCode = 6
  if (format === 'json') {
    process.stdout.write(`${JSON.stringify(results, null, 2)}\n`)
    return
  }
  const rows = figures.map((one) => [
    one.name,
    one.subject,
    one.yardstick,
    valueText(one.value),
    barText(one),
    one.memory ?? '',
  ])
  const table = [['', 'subject', 'yardstick', 'figure', 'bar', 'peak RSS'], ...rows]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  for (const row of table) {
    const cells = row.map((cell, i) => cell.padEnd(widths[i]!))
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`)
  }
}
