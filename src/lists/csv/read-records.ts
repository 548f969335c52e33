import { batchRows } from '../batch-rows.js'
import type { ListFile } from '../list-file.js'
import type { SourceRow } from '../list-source.js'
import { codesOf, type SniffedDialect } from './sniff-dialect.js'
import { recordOf, splitRecords } from './split-records.js'
import { type Encoding, textDecoder } from './text-decoder.js'

/** What reading the records of a file takes. */
export interface CsvFormat {
  readonly encoding: Encoding
  readonly dialect: SniffedDialect
}

/** The data rows of a counted file from row `fromRow` on; the rows before it are passed over without being cut up. */
export async function* readRecords(
  file: ListFile,
  { encoding, dialect }: CsvFormat,
  fromRow: number,
  rowsCounted: number,
): AsyncGenerator<readonly SourceRow[]> {
  const batch = batchRows(file, fromRow, rowsCounted)
  let headers = dialect.hasSepLine ? 2 : 1
  const splitter = splitRecords(codesOf(dialect), (scan, text, from, to) => {
    if (headers > 0) headers--
    else if (!batch.skip()) {
      const { cells, flaw } = recordOf(scan, text, from, to)
      batch.add(cells, to - from, flaw)
    }
  })
  const decoder = textDecoder(encoding)
  for await (const chunk of file.chunks()) {
    splitter.write(decoder.write(chunk))
    yield* batch.full()
  }
  splitter.write(decoder.end())
  splitter.end()
  yield* batch.rest()
}
