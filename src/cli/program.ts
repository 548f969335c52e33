import { Command, CommanderError } from 'commander'
import { addAudit } from './commands/audit.js'
import { addDemo } from './commands/demo.js'
import { addEvaluate } from './commands/evaluate.js'
import { addExplain } from './commands/explain.js'
import { addGenerate } from './commands/generate.js'
import { addImport } from './commands/import.js'
import { addMatch } from './commands/match.js'
import { addNormalise } from './commands/normalise.js'
import { addPerson } from './commands/person.js'
import { addPublish } from './commands/publish.js'
import { addRematch } from './commands/rematch.js'
import { addReplay } from './commands/replay.js'
import { addReview } from './commands/review.js'
import { addRules } from './commands/rules.js'
import { addSettings } from './commands/settings.js'
import { addStatus } from './commands/status.js'
import { addStore } from './commands/store.js'
import { addVoters } from './commands/voters.js'
import { addWorker } from './commands/worker.js'
import type { Commands } from './context.js'

export interface GlobalOptions {
  readonly data?: string
  readonly tenant?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

const groups = [
  addDemo,
  addVoters,
  addImport,
  addMatch,
  addPerson,
  addExplain,
  addEvaluate,
  addReview,
  addRules,
  addSettings,
  addRematch,
  addReplay,
  addAudit,
  addPublish,
  addWorker,
  addStatus,
  addStore,
  addGenerate,
  addNormalise,
]

/** The whole command line. Nothing runs until `parseAsync`. */
export const createProgram = (commands: Commands, version: string): Command => {
  const program = new Command('matchbook')
    .description('Finds the people of a contact list in a voter file, and keeps every step as an event')
    .version(version)
    .option('--data <dir>', 'data folder; MATCHBOOK_DATA, else .matchbook')
    .option('--tenant <name>', 'campaign; MATCHBOOK_TENANT, else default')
    .option('--json', 'one JSON document on stdout and nothing else')
    .option('--quiet', 'no progress, no notes')
    .configureHelp({ showGlobalOptions: true })
  for (const add of groups) add(program, commands)
  const strict = (command: Command): void => {
    command.exitOverride().showHelpAfterError('(--help says more)')
    for (const sub of command.commands) strict(sub)
  }
  strict(program)
  return program
}

/** Help and version asked for: not a failure. */
export const isHelp = (error: unknown): boolean => error instanceof CommanderError && error.exitCode === 0

export const isUsage = (error: unknown): boolean => error instanceof CommanderError
