import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { headsFolder, type KeptHead } from '../../../src/audit/kept-heads.js'
import { makeHead } from '../../../src/audit/make-head.js'
import { openSigningKey, type SigningKey } from '../../../src/audit/signing-key.js'
import { orThrow } from '../../../src/errors.js'
import { generate } from '../../../src/generate/generate.js'
import { importList } from '../../../src/lists/import-list.js'
import { openList } from '../../../src/lists/open-list.js'
import { type LoadIndex, rulesInForce } from '../../../src/rules/rules-in-force.js'
import type { RulesInForce } from '../../../src/runs/rules-of-run.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'
import { recordPublication } from '../../../src/voters/record-publication.js'
import { type TestWorkplace, workplaceForTests } from '../../servers/workplace.js'

/** A campaign with a voter file and a list, and the data folder that its heads are kept in. */
export interface ProvedPlace {
  readonly place: TestWorkplace
  readonly dataDir: string
  readonly heads: string
  readonly key: SigningKey
  readonly loadIndex: LoadIndex
  readonly rules: () => Promise<RulesInForce>
  readonly head: () => Promise<KeptHead>
  readonly import: (csv: string) => Promise<unknown>
  readonly drop: () => Promise<void>
}

export const provedPlace = async (voters: number, contacts: number): Promise<ProvedPlace> => {
  const folder = await mkdtemp(join(tmpdir(), 'matchbook-audit-'))
  const dataDir = join(folder, 'data')
  const place = await workplaceForTests()
  await orThrow(generate({ voters, contacts, seed: 11, out: folder, format: 'table' }))
  const request = { dataDir, files: [join(folder, 'voters.csv')], state: 'FL', format: 'table' } as const
  await recordPublication(place, await orThrow(publishVoterFile(request)))
  const importFile = async (file: string) => importList(place, await orThrow(openList({ file })), {})
  await importFile(join(folder, 'contacts.csv'))
  const loadIndex: LoadIndex = (ref) => openIndex(dataDir, ref, () => undefined)
  const heads = headsFolder(dataDir, undefined)
  const key = await openSigningKey(dataDir)
  return {
    ...{ place, dataDir, heads, key, loadIndex },
    rules: () => rulesInForce(place, loadIndex),
    head: () =>
      makeHead({
        ...{ store: place.store, tenant: place.tenant, folder: heads },
        key: async () => key,
        now: () => '2026-03-02T10:00:00.000Z',
      }),
    import: importFile,
    drop: async () => {
      await place.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
