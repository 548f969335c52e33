import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html, table } from '../../../src/audit/bundle/html.js'
import { waterfall } from '../../../src/audit/bundle/waterfall.js'

describe('HTML of hostile values', () => {
  it('no value opens a tag, an attribute or an entity', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const { text } = html`<p title="${value}">${value}</p>`
        const inner = text.slice('<p title="'.length, -'</p>'.length)
        expect(inner.replace('">', '')).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/)
      }),
    )
  })

  it('values in tables are text, parts made by the template are not escaped twice', () => {
    const { text } = table(['<a>'], [['<b>', html`<i>${'&'}</i>`, null, 3]])
    expect(text).toContain('<th>&lt;a&gt;</th>')
    expect(text).toContain('<td>&lt;b&gt;</td><td><i>&amp;</i></td><td></td><td>3</td>')
  })

  it('a waterfall ends where the weights add up to', () => {
    const fields = [
      { name: 'first_name', level: 'equal', weight: 6.5 },
      { name: 'sex', level: 'missing', weight: null },
      { name: '<svg>', level: 'different', weight: -3.25 },
    ]
    const { text } = waterfall({ fields, prior: -10 })
    expect(text).toContain('together -6.75')
    expect(text).toContain('&lt;svg&gt;: different')
    expect(text).not.toContain('sex')
    expect(waterfall({ fields, prior: null }).text).toBe('')
  })
})
