import { readFileSync } from 'node:fs'
import { Parser } from '@asyncapi/parser'
import { expect, it } from 'vitest'
import { catalogue } from '../../../events/catalogue.js'
import { asyncApiText } from '../../../src/publish/asyncapi.js'

const file = readFileSync(new URL('../../../events/asyncapi.json', import.meta.url), 'utf8')

it('events/asyncapi.json says what the codecs say; npm run asyncapi writes it anew', () => {
  expect(file).toBe(asyncApiText())
})

it('the public parser of AsyncAPI takes it, with every event of the catalogue', async () => {
  const { document, diagnostics } = await new Parser().parse(file)
  expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([])
  const channel = document!.channels().get('events')
  expect(channel?.address()).toBe('matchbook.events')
  expect(
    channel
      ?.messages()
      .all()
      .map((message) => message.name()),
  ).toEqual(Object.keys(catalogue))
})
