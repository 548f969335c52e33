import type { Command } from 'commander'
import { appError, orThrow, shown } from '../../errors.js'
import { type EvaluateRequest, evaluate } from '../../evaluate/evaluate.js'
import { type FieldMap, readMap } from '../../lists/parse-map.js'
import { readRuleset } from '../../rules/read-ruleset.js'
import type { Commands } from '../context.js'
import { evaluationText } from '../evaluation-text.js'
import { numberOf, threadsOption } from '../number-option.js'
import type { Output } from '../output.js'
import { stateOf } from '../state-option.js'

interface EvaluateFlags {
  readonly voters: string
  readonly contacts: string
  readonly truth: string
  readonly mapVoters?: string
  readonly mapContacts?: string
  readonly state: string
  readonly ruleset: string
  readonly train?: true
  readonly oneToOne?: true
  readonly threshold: string
  readonly threads?: number
  readonly errors?: string
  readonly out?: string
  readonly chart?: string
}

const rulesetOf = async ({ ruleset: ref, train }: EvaluateFlags): Promise<EvaluateRequest['ruleset']> => {
  const ruleset = await readRuleset(ref)
  if (train === undefined) return ruleset
  if (ruleset.kind === 'fellegi_sunter') return 'to_learn'
  throw appError(
    'BAD_USAGE',
    `The scores of ruleset ${shown(ref)} are fixed, there is nothing to learn: leave out --train`,
  )
}

const thresholdOf = (text: string): number =>
  numberOf('--threshold', text, 'a number from 0 to 1', (value) => value >= 0 && value <= 1)

const mapOf = async (text: string | undefined): Promise<FieldMap | undefined> =>
  text === undefined ? undefined : orThrow(readMap(text))

const watchOn =
  (output: Output): EvaluateRequest['watch'] =>
  async (task, work) => {
    const progress = output.progress(task)
    return work(progress.update).finally(progress.stop)
  }

export const addEvaluate = (program: Command, { shell, engine }: Commands): void => {
  program
    .command('evaluate')
    .description('match a labelled list without storing anything, and say how right that is')
    .requiredOption('--voters <file>', 'voter file, or a folder of one')
    .requiredOption('--contacts <file>', 'contact list with an id for each contact')
    .requiredOption(
      '--truth <file>',
      'CSV with the columns contact and voter: the id of a contact, the SVID of its voter',
    )
    .option('--map-voters <map>', 'field=Header,… or a JSON file of that; id stands in for svid')
    .option('--map-contacts <map>', 'the same for the contacts')
    .option('--state <code>', 'state of the voter file', 'FL')
    .option('--ruleset <name>', 'one that comes with the program, or a JSON file', 'standard')
    .option('--train', 'first learn the weights from the two files, without the truth')
    .option('--one-to-one', 'each voter takes at most one contact')
    .option('--threshold <score>', 'from which score on the rules link', '0.75')
    .addOption(threadsOption())
    .option('--errors <file>', 'CSV with the columns contact and kind, as generate writes it: measures by kind')
    .option('--out <file>', 'CSV of how every contact ends')
    .option('--chart <file>', 'picture (SVG) of the calibration')
    .action(async (flags: EvaluateFlags) => {
      const { output, signal } = shell()
      const { voters, contacts, truth, errors, out, chart, threads, oneToOne } = flags
      const [mapVoters, mapContacts] = [await mapOf(flags.mapVoters), await mapOf(flags.mapContacts)]
      const evaluation = await evaluate(engine, {
        ...{ voters, contacts, truth, signal, note: output.note, watch: watchOn(output) },
        ...{ state: stateOf(flags.state), ruleset: await rulesetOf(flags), threshold: thresholdOf(flags.threshold) },
        voterKeeps: oneToOne === undefined ? 'every contact' : 'one contact',
        ...(mapVoters === undefined ? {} : { mapVoters }),
        ...(mapContacts === undefined ? {} : { mapContacts }),
        ...(threads === undefined ? {} : { threads }),
        ...(errors === undefined ? {} : { errors }),
        ...(out === undefined ? {} : { out }),
        ...(chart === undefined ? {} : { chart }),
      })
      output.result(evaluation, evaluationText(evaluation))
    })
}
