import type { WeighedLevels } from '../../match/standard/explain-weights.js'
import { type Html, html } from './html.js'

interface Step {
  readonly label: string
  readonly bits: number
}

const rowHeight = 22
const labelWidth = 270
const chartWidth = 420

const signed = (bits: number): string => `${bits > 0 ? '+' : ''}${bits.toFixed(2)}`

/**
 * A pair's weights as a waterfall: where it stands before anything is compared, and how each field moves it, in bits
 * (one bit doubles the odds). Drawn in SVG, without script.
 */
export const waterfall = ({ fields, prior }: WeighedLevels): Html => {
  if (prior === null) return html``
  const steps: Step[] = [{ label: 'before anything is compared', bits: prior }]
  for (const { name, level, weight } of fields)
    if (weight !== null) steps.push({ label: `${name}: ${level}`, bits: weight })
  let total = 0
  const sums = steps.map(({ bits }) => (total += bits))
  const least = Math.min(0, ...sums)
  const scale = chartWidth / Math.max(1, Math.max(0, ...sums) - least)
  const x = (bits: number): number => Math.round((labelWidth + (bits - least) * scale) * 10) / 10
  const bar = (from: number, to: number, row: number, kind: string, label: string, text: string): Html => html`
<text x="0" y="${row * rowHeight + 15}">${label}</text>
<rect class="${kind}" x="${Math.min(x(from), x(to))}" y="${row * rowHeight + 4}" width="${Math.max(1, Math.round(Math.abs(x(to) - x(from)) * 10) / 10)}" height="${rowHeight - 8}"/>
<text x="${Math.max(x(from), x(to)) + 5}" y="${row * rowHeight + 15}">${text}</text>`
  const bars = steps.map(({ label, bits }, row) =>
    bar(sums[row]! - bits, sums[row]!, row, bits < 0 ? 'against' : 'for', label, signed(bits)),
  )
  const height = (steps.length + 1) * rowHeight
  return html`<svg role="img" viewBox="0 0 ${labelWidth + chartWidth + 70} ${height}" width="${labelWidth + chartWidth + 70}" height="${height}">
<title>${`weights in bits, together ${signed(total)}`}</title>
<line x1="${x(0)}" y1="0" x2="${x(0)}" y2="${height}"/>${bars}${bar(0, total, steps.length, 'total', 'together', signed(total))}
</svg>
`
}
