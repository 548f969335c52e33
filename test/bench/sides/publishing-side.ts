import { orThrow } from '../../../src/errors.js'
import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'
import { peakRssMiB } from '../harness.js'
import { answerRequests } from './side.js'

await answerRequests(async ({ file, dataDir }: { readonly file: string; readonly dataDir: string }) => {
  const publication = await orThrow(publishVoterFile({ dataDir, files: [file], state: 'FL', format: 'table' }))
  return { ...publication, peakRssMiB: peakRssMiB() }
})
