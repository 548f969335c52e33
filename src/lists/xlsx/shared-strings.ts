import type { Readable } from 'node:stream'
import { parseWholeXml } from './parse-xml.js'
import { StringPages } from './string-pages.js'

/** Reads `sharedStrings.xml`: the runs of rich text are joined, phonetic hints left out. */
export const readSharedStrings = async (stream: Readable): Promise<StringPages> => {
  const strings = new StringPages()
  let item: string | undefined
  let isText = false
  let hints = 0
  await parseWholeXml(stream, {
    open: (name) => {
      if (name === 'si') item = ''
      else if (name === 'rPh') hints++
      isText = name === 't'
    },
    text: (text) => {
      if (isText && hints === 0 && item !== undefined) item += text
    },
    close: (name) => {
      isText = false
      if (name === 'rPh') hints--
      if (name !== 'si' || item === undefined) return
      strings.add(item)
      item = undefined
    },
  })
  return strings
}
