import type { Command } from 'commander'
import { findPerson } from '../../../projections/person/find-person.js'
import { type CheckedBundle, checkBundle } from '../../audit/bundle/check-bundle.js'
import { type ExportedBundle, exportBundle, type Wanted } from '../../audit/bundle/export-bundle.js'
import { findingText, plainText } from '../../audit/finding.js'
import { openSigningKey } from '../../audit/signing-key.js'
import { appError } from '../../errors.js'
import type { Commands, Context } from '../context.js'

const shownFindings = 20

const wantedOf = async (context: Context, ref: string | undefined, run: string | undefined): Promise<Wanted> => {
  if (ref !== undefined && run !== undefined) throw appError('BAD_USAGE', 'export a person or a run, not both')
  if (run !== undefined) return { kind: 'run', run }
  if (ref === undefined) return { kind: 'tenant' }
  return { kind: 'person', personId: (await findPerson(context.db, context.tenant, ref)).id }
}

const scopeText = ({ scope }: Pick<ExportedBundle, 'scope'>): string => {
  if (scope.kind === 'person') return `person ${scope.pid} of ${scope.tenant}`
  return scope.kind === 'run' ? `run ${scope.run} of ${scope.tenant}` : `all events of ${scope.tenant}`
}

const checkedText = (result: CheckedBundle): string => {
  const { scope, key, at, position, events, withheld, decisions, findings } = result
  const reproduced = decisions.filter((one) => one.reproduced === true).length
  const again = `; ${reproduced} of ${decisions.length} decisions were decided again, with the same result`
  const whys = decisions.flatMap(({ position: of, reproduced: is, why }) =>
    is === null ? [`the decision at position ${of} was not decided again: ${why}`] : [],
  )
  return [
    ...(scope === null ? [] : [`${scopeText({ scope })}, as signed ${at} up to position ${position}`]),
    ...(key === null ? [] : [`signed by key ${key}: compare it with the sender's \`audit key\``]),
    ...(findings.length === 0 ? [`${events} events hold${scope?.kind === 'person' ? again : ''}`] : []),
    ...(withheld === 0
      ? []
      : [
          `${withheld} events are shown without the person that holds the voter: of these, place and hash are proved, not the text`,
        ]),
    ...whys,
    ...findings.slice(0, shownFindings).map((finding) => `  ${findingText(finding)}`),
    ...(findings.length > shownFindings ? [`  and ${findings.length - shownFindings} more; --json has them`] : []),
  ].join('\n')
}

export const addBundles = (audit: Command, { shell, withContext }: Commands): void => {
  audit
    .command('export')
    .description('write a bundle that proves itself without a database: of a person, a run, or all of the tenant')
    .argument('<file>', 'the bundle, a zip archive')
    .argument('[ref]', 'a person: PID, UUID or FL:123456789')
    .option('--run <id>', 'a run instead')
    .action((file: string, ref: string | undefined, flags: { readonly run?: string }) =>
      withContext(async (context) => {
        await context.catchUp()
        const { config, db, store, tenant, loadIndex, signal } = context
        const wanted = await wantedOf(context, ref, flags.run)
        const head = await context.signedHead()
        const key = await openSigningKey(config.dataDir, config.signingKey)
        const deps = { db, store, tenant, loadIndex, dataDir: config.dataDir, head, key, signal }
        const result = await exportBundle(deps, file, wanted)
        context.output.result(
          result,
          `${file}: ${scopeText(result)}, ${result.events} events, signed by key ${result.key}`,
        )
      }),
    )
  audit
    .command('check')
    .description('verify a bundle and decide again, offline; exit 6 names what differs')
    .argument('<file>')
    .option('--key <id>', 'the key that it must be signed by')
    .action(async (file: string, flags: { readonly key?: string }) => {
      const { output, signal } = shell()
      const result = await checkBundle(file, flags.key, signal)
      output.result(result, checkedText(result))
      const [first] = result.findings
      if (first !== undefined) {
        const fault = plainText(`${first.stream}: ${first.fault}`)
        throw appError('CHECK_FAILED', `the bundle is not what was signed: ${fault}`, {
          findings: result.findings.length,
        })
      }
    })
}
