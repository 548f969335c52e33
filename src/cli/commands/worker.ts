import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { kafkaOf } from '../../config.js'
import { appError, shown } from '../../errors.js'
import { openIndex } from '../../voters/open-index.js'
import type { Commands, Shell } from '../context.js'
import { stateOf } from '../state-option.js'

interface Flags {
  readonly states: string
  readonly threads?: string
  readonly alive?: string
}

const threadsOf = (text: string): number => {
  const threads = Number(text)
  if (Number.isInteger(threads) && threads >= 1 && threads <= 256) return threads
  throw appError('BAD_USAGE', `--threads ${shown(text)}: a whole number from 1 to 256`)
}

const work = async ({ config, output, signal }: Shell, { states, threads, alive }: Flags): Promise<void> => {
  const { runWorker } = await import('../../workers/run-worker.js')
  const worked = await runWorker({
    kafka: kafkaOf(config),
    states: [...new Set(states.split(',').map((state) => stateOf(state.trim())))],
    dataDir: config.dataDir,
    loadIndex: (ref) => openIndex(config.dataDir, ref, output.note),
    threads: threads === undefined ? availableParallelism() : threadsOf(threads),
    note: output.note,
    onAlive: () => {
      if (alive !== undefined) writeFileSync(alive, '')
    },
    signal,
  })
  output.result(worked, `${worked.jobs} chunks decided, ${worked.persons} persons`)
}

export const addWorker = (program: Command, { shell }: Commands): void => {
  program
    .command('worker')
    .description('match for other processes until stopped: what match, import and rematch --workers send over Kafka')
    .requiredOption('--states <codes>', 'states whose voter files are in the data folder, such as FL,GA')
    .option('--threads <n>', 'worker threads; as many as there are cores unless given')
    .option('--alive <file>', 'touch this file at each heartbeat')
    .action((flags: Flags) => work(shell(), flags))
}
