import type { Calibration } from './calibrate.js'

const side = 400
const margin = 50
/** height of the counts below the diagram */
const counts = 80

const x = (share: number): string => (margin + share * side).toFixed(1)
const y = (share: number): string => (margin + (1 - share) * side).toFixed(1)

/** A reliability diagram as SVG: what is right over what is claimed, bin by bin, and below how many contacts say so. */
export const drawChart = ({ ece, bins }: Calibration, title: string): string => {
  const most = Math.max(1, ...bins.map(({ n }) => n))
  const floor = margin + side + 40 + counts
  const points = bins.flatMap(({ meanScore, observed, n }) =>
    n === 0 ? [] : [{ at: x(meanScore), right: y(observed), claimed: y(meanScore), n }],
  )
  const bars = bins.map(({ from, n }) => {
    // square root: a bin of a hundred is still seen beside one of a hundred thousand
    const height = Math.sqrt(n / most) * counts
    const middle = x(from + 0.05)
    return `<rect x="${x(from + 0.01)}" y="${(floor - height).toFixed(1)}" width="${side * 0.08}" height="${height.toFixed(1)}" fill="#9bb8d3"/>
<text x="${middle}" y="${floor + 14}" text-anchor="middle">${n}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side + 2 * margin} ${floor + 40}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="white"/>
<text x="${x(0)}" y="28" font-size="14">${escaped(title)}</text>
<text x="${x(1)}" y="28" text-anchor="end">ECE ${ece.toFixed(4)}</text>
${ticks().join('\n')}
<line x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" stroke="#888" stroke-dasharray="4"/>
${points.map(({ at, right, claimed }) => `<line x1="${at}" y1="${right}" x2="${at}" y2="${claimed}" stroke="#c0504d"/>`).join('\n')}
<polyline points="${points.map(({ at, right }) => `${at},${right}`).join(' ')}" fill="none" stroke="#1f4e79"/>
${points.map(({ at, right, n }) => `<circle cx="${at}" cy="${right}" r="4" fill="#1f4e79"><title>${n} contacts</title></circle>`).join('\n')}
<text x="${x(0.5)}" y="${margin + side + 30}" text-anchor="middle">mean score</text>
<text x="14" y="${y(0.5)}" text-anchor="middle" transform="rotate(-90 14 ${y(0.5)})">share that is right</text>
${bars.join('\n')}
<text x="${x(0.5)}" y="${floor + 32}" text-anchor="middle">contacts by score (heights: square roots)</text>
</svg>
`
}

const ticks = (): readonly string[] =>
  [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (share) => `<line x1="${x(share)}" y1="${y(0)}" x2="${x(share)}" y2="${y(1)}" stroke="#eee"/>
<line x1="${x(0)}" y1="${y(share)}" x2="${x(1)}" y2="${y(share)}" stroke="#eee"/>
<text x="${x(share)}" y="${margin + side + 16}" text-anchor="middle">${share}</text>
<text x="${margin - 8}" y="${y(share)}" text-anchor="end">${share}</text>`,
  )

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
