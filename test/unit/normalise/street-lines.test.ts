import { expect, it } from 'vitest'
import { parseAddress } from '../../../src/normalise/address.js'
import { streetLines } from './street-lines.js'

const fields = ['number', 'predirectional', 'street', 'suffix', 'postdirectional', 'unit', 'po_box'] as const

it('reads at least 97 of 100 hand-labelled street lines in every part', () => {
  const misses: string[] = []
  const lines = streetLines.trim().split('\n')
  for (const row of lines) {
    const [line = '', ...labels] = row.split('|')
    const parts = parseAddress(line)
    const wrong = fields.filter((field, i) => parts[field] !== (labels[i] ?? ''))
    if (wrong.length > 0) {
      misses.push(
        `${line}: ${wrong.map((f) => `${f} '${parts[f]}', not '${labels[fields.indexOf(f)] ?? ''}'`).join('; ')}`,
      )
    }
  }
  expect(lines.length).toBeGreaterThanOrEqual(300)
  expect(1 - misses.length / lines.length, `\n${misses.join('\n')}\n`).toBeGreaterThanOrEqual(0.97)
})
