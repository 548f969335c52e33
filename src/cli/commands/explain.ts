import type { Command } from 'commander'
import { findPerson, parseVoterRef } from '../../../projections/person/find-person.js'
import { showPerson } from '../../../projections/person/show-person.js'
import { appError, orThrow, shown } from '../../errors.js'
import { currentVoterFiles } from '../../rules/rules-in-force.js'
import { findRuleset } from '../../rules/rulesets.js'
import { getSetting } from '../../rules/settings.js'
import { type Explanation, explainPair } from '../../runs/explain-pair.js'
import { verdictNotes } from '../../runs/verdict-notes.js'
import { artifactPath } from '../../voters/artifact.js'
import { readVoters } from '../../voters/read-voters.js'
import type { Commands, Context } from '../context.js'
import { explanationText } from '../explanation-text.js'

/** Explains a person against a voter, or against its link, its best candidate or whom a human rejected last. */
export const explainPerson = async (context: Context, ref: string, voterText?: string): Promise<Explanation> => {
  const { id, pid } = await findPerson(context.db, context.tenant, ref)
  const page = await showPerson(context.db, context.tenant, id)
  const [best] = page.candidates as readonly { readonly state: string; readonly svid: string }[]
  const link = page.link as { readonly state: string; readonly svid: string } | null
  const voter = voterText === undefined ? (link ?? best ?? page.rejected.at(-1)) : parseVoterRef(voterText)
  if (voter === undefined) {
    if (voterText === undefined) throw appError('NO_CANDIDATE', `person ${pid} has no candidate; name a voter`, { pid })
    throw appError('BAD_USAGE', `${shown(voterText)} is not a voter; write STATE:SVID`, { voter: voterText })
  }
  const file = (await currentVoterFiles(context)).find(({ state }) => state === voter.state)
  if (file === undefined) throw appError('VOTER_FILE_NOT_FOUND', `no voter file of ${voter.state} is published`)
  const { index } = await context.loadIndex(file)
  const rows = await orThrow(readVoters(artifactPath(context.config.dataDir, file), [voter.svid]))
  const { ruleset } = await findRuleset(
    context,
    typeof page.standing?.['ruleset'] === 'string'
      ? page.standing['ruleset']
      : String((await getSetting(context, 'match.ruleset')).value),
  )
  const said = [...(page.verdict === null ? [] : [page.verdict]), ...page.rejected]
  return explainPair(page, {
    index,
    ruleset,
    svid: voter.svid,
    voterRow: rows.get(voter.svid) ?? {},
    notes: await verdictNotes(
      context.store,
      said.map(({ position }) => position),
    ),
    thresholdInForce: Number((await getSetting(context, 'match.threshold')).value),
  })
}

export const addExplain = (program: Command, { withContext }: Commands): void => {
  program
    .command('explain')
    .description('why a person is, or is not, a voter')
    .argument('<ref>', 'PID, UUID or FL:123456789')
    .argument('[voter]', 'STATE:SVID; the link, best candidate or last rejected unless given')
    .action((ref: string, voter: string | undefined) =>
      withContext(async (context) => {
        await context.catchUp()
        const explanation = await explainPerson(context, ref, voter)
        context.output.result(explanation, explanationText(explanation))
      }),
    )
}
