import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { kafkaOf } from '../../config.js'
import { openIndex } from '../../voters/open-index.js'
import type { Commands, Shell } from '../context.js'
import { threadsOption } from '../number-option.js'
import { stateOf } from '../state-option.js'

interface Flags {
  readonly states: string
  readonly threads?: number
  readonly alive?: string
}

const work = async ({ config, output, signal }: Shell, { states, threads, alive }: Flags): Promise<void> => {
  const { runWorker } = await import('../../workers/run-worker.js')
  const worked = await runWorker({
    kafka: kafkaOf(config),
    states: [...new Set(states.split(',').map((state) => stateOf(state.trim())))],
    dataDir: config.dataDir,
    loadIndex: (ref) => openIndex(config.dataDir, ref, output.note),
    threads: threads ?? availableParallelism(),
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
    .addOption(threadsOption())
    .option('--alive <file>', 'touch this file at each heartbeat')
    .action((flags: Flags) => work(shell(), flags))
}
