import type { Command } from 'commander'
import { orThrow } from '../../errors.js'
import { generate } from '../../generate/generate.js'
import type { Commands } from '../context.js'

interface GenerateFlags {
  readonly voters: number
  readonly contacts: number
  readonly seed: number
  readonly out: string
  readonly tables?: string
  readonly format: 'table' | 'florida'
}

export const addGenerate = (program: Command, { shell }: Commands): void => {
  program
    .command('generate')
    .description('make an invented Florida: voters, contacts and the truth about them')
    .requiredOption('--voters <n>', 'voters in the file', Number)
    .requiredOption('--contacts <n>', 'contacts in the list', Number)
    .option('--seed <n>', 'the same seed gives the same bytes', Number, 1)
    .requiredOption('--out <dir>', 'where to')
    .option('--tables <dir>', 'frequency tables: first_names.csv, surnames.csv, zips.csv')
    .option('--format <format>', 'table or florida', 'table')
    .action(async (flags: GenerateFlags) => {
      const { output, signal } = shell()
      const progress = output.progress('generating')
      const result = await orThrow(generate({ ...flags, signal, onProgress: progress.update })).finally(progress.stop)
      output.result(result, result.files.join('\n'))
    })
}
