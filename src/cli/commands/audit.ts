import type { Command } from 'commander'
import type { Commands } from '../context.js'
import { addAuditPerson } from './audit-person.js'
import { addReproduce } from './audit-reproduce.js'

export const addAudit = (program: Command, commands: Commands): void => {
  const audit = program.command('audit').description('what happened, and whether it would happen again')
  addAuditPerson(audit, commands)
  addReproduce(audit, commands)
}
