import { createHash } from 'node:crypto'
import { canonicalJson } from '../../events/canonical-json.js'
import type { PublishRequest } from './publication.js'
import type { Scan } from './scan-source.js'

/** Raised when a source is read otherwise than before, so that what was published before is published anew. */
const readerVersion = 1

/** SHA-256 over a source's bytes and all that says how they are read: equal hashes give equal artifacts and indexes. */
export const sourceHashOf = (
  { format, table, mapping, identifier }: Pick<PublishRequest, 'format' | 'table' | 'mapping' | 'identifier'>,
  scans: readonly Pick<Scan, 'sha256'>[],
): string => {
  const files = scans.map(({ sha256 }) => sha256)
  const told = canonicalJson({ readerVersion, format, table, mapping: { ...mapping }, identifier, files })
  return createHash('sha256').update(told).digest('hex')
}
