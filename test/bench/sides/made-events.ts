import { createHash } from 'node:crypto'
import type { EncodedEvent } from '../../../events/encode.js'
import { seededRandom } from '../random.js'

const bodyBytes = 1_024
export const recordedAt = '2026-01-02T03:04:05.678Z'

const syllables = ['ba', 'ce', 'di', 'fo', 'gu', 'ka', 'le', 'mi', 'no', 'pu', 'ra', 'se', 'ti', 'vo', 'zu', ' ']

/** Bodies of 1 KB of JSON that compress about as names and addresses do; the same seed gives the same events. */
export const makeEvents = (seed: number, from: number, count: number): readonly EncodedEvent[] => {
  const random = seededRandom(seed * 1_000_003 + from)
  const hex8 = () =>
    Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0')
  return Array.from({ length: count }, (_, i): EncodedEvent => {
    const [a, b, c, d] = [hex8(), hex8(), hex8(), hex8()]
    const id = `${a}-${b.slice(0, 4)}-8${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`
    let text = ''
    while (text.length < bodyBytes) {
      const bits = Math.floor(random() * 0x1000_0000)
      for (let shift = 0; shift < 28; shift += 4) text += syllables[(bits >>> shift) & 15]!
    }
    const end = `"},"id":"${id}","type":"ContactImported","v":1}`
    const begin = `{"data":{"row":${from + i},"text":"`
    const body = begin + text.slice(0, bodyBytes - begin.length - end.length) + end
    return {
      id,
      type: 'ContactImported',
      body,
      sha256: createHash('sha256').update(body).digest(),
      recordedAt,
    }
  })
}
