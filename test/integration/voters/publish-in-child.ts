import { publishVoterFile } from '../../../src/voters/publish-voter-file.js'

/** A program of its own, to be killed: publishes the file of its second argument into the data folder of its first. */
const [dataDir = '', file = ''] = process.argv.slice(2)
process.stdout.write('started\n')
const result = await publishVoterFile({ dataDir, files: [file], state: 'FL', format: 'table' })()
process.exitCode = result._tag === 'Right' ? 0 : 1
