import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { appError, orThrow, shown } from '../../errors.js'
import { evaluate } from '../../evaluate/evaluate.js'
import { writeConclusions } from '../../evaluate/write-conclusions.js'
import { readMap } from '../../lists/parse-map.js'
import type { Ruleset } from '../../match/ruleset.js'
import { decodeRuleset, shippedRuleset } from '../../rules/rulesets.js'
import type { Commands } from '../context.js'
import { evaluationText } from '../evaluation-text.js'

interface EvaluateFlags {
  readonly voters: string
  readonly contacts: string
  readonly truth: string
  readonly mapVoters?: string
  readonly mapContacts?: string
  readonly ruleset: string
  readonly train?: boolean
  readonly oneToOne?: boolean
  readonly threshold: number
  readonly threads?: number
  readonly out?: string
}

/** A ruleset that comes with the program, or a file. */
const rulesetOf = async (ref: string): Promise<Ruleset> => {
  const shipped = shippedRuleset(ref)
  if (shipped !== undefined) return shipped
  try {
    return decodeRuleset(JSON.parse(await readFile(ref, 'utf8')))
  } catch (error) {
    if (error instanceof Error) {
      throw appError(
        'BAD_RULESET',
        `${shown(ref)} is neither a ruleset of the program nor a file of one: ${error.message}`,
      )
    }
    throw error
  }
}

export const addEvaluate = (program: Command, { shell }: Commands): void => {
  program
    .command('evaluate')
    .description('match a labelled list without storing anything, and say how right it is')
    .requiredOption('--voters <file>', 'voter file')
    .requiredOption('--contacts <file>', 'contact list')
    .requiredOption('--truth <file>', 'columns contact,voter: the list’s id and the SVID')
    .option('--map-voters <map>', 'columns of the voter file')
    .option('--map-contacts <map>', 'columns of the list')
    .option('--ruleset <name>', 'a ruleset of the program, or a file of one', 'standard')
    .option('--train', 'learn the weights from the two files first, without the labels')
    .option('--one-to-one', 'each voter takes at most one contact')
    .option('--threshold <t>', 'from which score on the ruleset links', Number, 0.75)
    .option('--threads <n>', 'worker threads', Number)
    .option('--out <file>', 'what was concluded for every contact, as CSV')
    .action(async (flags: EvaluateFlags) => {
      const { output, signal } = shell()
      const ruleset = await rulesetOf(flags.ruleset)
      if (flags.train === true && ruleset.kind === 'tiers') {
        throw appError('BAD_USAGE', `the ruleset ${ruleset.name} has no weights to learn`)
      }
      const { voters, contacts, truth, threshold, threads } = flags
      const progress = output.progress('evaluating')
      const { evaluation, conclusions } = await evaluate({
        ...{ voters, contacts, truth, ruleset, threshold, signal },
        ...(flags.mapVoters === undefined ? {} : { mapVoters: await orThrow(readMap(flags.mapVoters)) }),
        ...(flags.mapContacts === undefined ? {} : { mapContacts: await orThrow(readMap(flags.mapContacts)) }),
        ...(threads === undefined ? {} : { threads }),
        train: flags.train === true,
        oneToOne: flags.oneToOne === true,
        onProgress: progress.update,
      }).finally(progress.stop)
      if (flags.out !== undefined) await writeConclusions(flags.out, conclusions)
      output.result(evaluation, evaluationText(evaluation))
    })
}
