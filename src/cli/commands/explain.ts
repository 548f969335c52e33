import type { Command } from 'commander'
import { findPerson, parseVoterRef } from '../../../projections/person/find-person.js'
import { showPerson } from '../../../projections/person/show-person.js'
import { appError, orThrow, shown } from '../../errors.js'
import { currentVoterFiles } from '../../rules/rules-in-force.js'
import { type Explanation, explainPair } from '../../runs/explain-pair.js'
import { artifactPath } from '../../voters/artifact.js'
import { readVoters } from '../../voters/read-voters.js'
import type { Commands, Context } from '../context.js'
import { reopenedText } from '../reopened-text.js'
import { tableText } from '../table-text.js'

const reasons: Readonly<Record<string, string>> = {
  match: 'one candidate decided it, at or above the threshold',
  voter_taken: 'another person of the tenant holds this voter',
  below_threshold: 'one candidate, but its score is below the threshold',
  ambiguous: 'several voters fit equally well',
  veto: 'a veto holds',
  reopened: 'the data under a verdict has changed',
  voter_gone: 'the voter is no longer in the file',
  no_candidate: 'no voter comes near',
  below_floor: 'the best candidate is below the review floor',
}

export const explanationText = (explanation: Explanation): string => {
  const { pid, voter, fields, score, matchType, outcome, reason, threshold, runnerUp, reopened } = explanation
  const rows = fields
    .filter(({ contact, voter: value }) => contact.length > 0 || value !== '')
    .map(({ field, contact, voter: value, level }) => [field, contact.join(' | '), value, level])
  const found = score === null ? 'not among the candidates' : `${matchType}, score ${score}`
  const scored = reopened === null ? found : `${found}, ${reopenedText(reopened.why)}`
  return [
    `${pid} and ${voter}: ${scored}`,
    tableText(['field', 'contact', 'voter', 'level'], rows),
    `${outcome ?? 'not decided'}: ${reasons[reason ?? ''] ?? reason ?? ''}${threshold === null ? '' : ` (threshold ${threshold})`}`,
    ...(runnerUp === null ? [] : [`next candidate: ${runnerUp.voter}, score ${runnerUp.score}`]),
  ].join('\n')
}

/** Explains a person against a voter, or against its link or best candidate. */
export const explainPerson = async (context: Context, ref: string, voterText?: string): Promise<Explanation> => {
  const { id, pid } = await findPerson(context.db, context.tenant, ref)
  const page = await showPerson(context.db, context.tenant, id)
  const [best] = page.candidates as readonly { readonly state: string; readonly svid: string }[]
  const link = page.link as { readonly state: string; readonly svid: string } | null
  const voter = voterText === undefined ? (link ?? best) : parseVoterRef(voterText)
  if (voter === undefined) {
    if (voterText === undefined) throw appError('NO_CANDIDATE', `person ${pid} has no candidate; name a voter`, { pid })
    throw appError('BAD_USAGE', `${shown(voterText)} is not a voter; write STATE:SVID`, { voter: voterText })
  }
  const file = (await currentVoterFiles(context)).find(({ state }) => state === voter.state)
  if (file === undefined) throw appError('VOTER_FILE_NOT_FOUND', `no voter file of ${voter.state} is published`)
  const { index } = await context.loadIndex(file)
  const rows = await orThrow(readVoters(artifactPath(context.config.dataDir, file), [voter.svid]))
  return explainPair(page, index, voter.svid, rows.get(voter.svid) ?? {})
}

export const addExplain = (program: Command, { withContext }: Commands): void => {
  program
    .command('explain')
    .description('why a person is, or is not, a voter')
    .argument('<ref>', 'PID, UUID or FL:123456789')
    .argument('[voter]', 'STATE:SVID; the link or best candidate unless given')
    .action((ref: string, voter: string | undefined) =>
      withContext(async (context) => {
        await context.catchUp()
        const explanation = await explainPerson(context, ref, voter)
        context.output.result(explanation, explanationText(explanation))
      }),
    )
}
