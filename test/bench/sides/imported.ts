import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { orThrow } from '../../../src/errors.js'
import { importList } from '../../../src/lists/import-list.js'
import { openList } from '../../../src/lists/open-list.js'
import { startOrAttach } from '../../../src/postgres/embedded-server.js'
import { rulesInForce } from '../../../src/rules/rules-in-force.js'
import { runMatch } from '../../../src/runs/run-match.js'
import { openIndex } from '../../../src/voters/open-index.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'
import { recordPublication } from '../../../src/voters/record-publication.js'
import { temporaryFolder } from '../../servers/temporary-folder.js'
import { type TestWorkplace, workplaceOn } from '../../servers/workplace.js'
import type { BenchOptions } from '../harness.js'
import { florida } from './florida.js'

export interface Imported {
  readonly workplace: TestWorkplace
  readonly url: string
  readonly dataDir: string
  readonly contacts: number
}

/** Runs `work` over a generated list that was imported and matched on an embedded server of its own. */
export const withImported = async (
  options: BenchOptions,
  sizes: { readonly contacts: number; readonly votersPerContact: number },
  work: (imported: Imported) => Promise<void>,
): Promise<void> => {
  const contacts = options.contacts ?? options.size ?? sizes.contacts
  const files = await florida(options.voters ?? contacts * sizes.votersPerContact, contacts, options)
  const dataDir = join(temporaryFolder('bench-imported'), 'data')
  const server = await orThrow(startOrAttach(dataDir))
  const workplace = await workplaceOn(server.url, 'bench')
  try {
    const request = { dataDir, files: [files.voters], state: 'FL', format: 'table' } as const
    await recordPublication(workplace, await orThrow(publishVoterFile(request)))
    await importList(workplace, await orThrow(openList({ file: files.contacts })), {})
    const rules = await rulesInForce(workplace, (ref) => openIndex(dataDir, ref, () => undefined))
    await runMatch(workplace, rules, { kind: 'import' })
    await workplace.catchUp()
    await orThrow(workplace.db.query('vacuum analyze'))
    await work({ workplace, url: server.url, dataDir, contacts })
  } finally {
    await workplace.drop()
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
