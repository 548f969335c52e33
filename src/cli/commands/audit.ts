import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { type Finding, findingText } from '../../audit/finding.js'
import { headsFolder, readHeadFile } from '../../audit/kept-heads.js'
import type { HeadFile } from '../../audit/signed-head.js'
import { keyIdOf, openSigningKey } from '../../audit/signing-key.js'
import { type VerifiedStore, verifyStore } from '../../audit/verify-store.js'
import { storeUrlOf } from '../../config.js'
import { appError } from '../../errors.js'
import { withFile } from '../../file-failure.js'
import type { Commands, Context } from '../context.js'
import { addBundles } from './audit-bundle.js'
import { addAuditPerson } from './audit-person.js'
import { addReproduce } from './audit-reproduce.js'

const shownFindings = 20

const refuse = (findings: readonly Finding[]): void => {
  const [first] = findings
  if (first === undefined) return
  const more = findings.length === 1 ? '' : ` and ${findings.length - 1} more`
  throw appError('CHECK_FAILED', `the log is not what was written: ${findingText(first)}${more}`, {
    findings: findings.length,
  })
}

const verifiedText = ({ events, streams, roots, heads, findings }: VerifiedStore): string => {
  const counts = `${events} events in ${streams} streams; ${roots} roots and ${heads} signed heads hold`
  if (findings.length === 0) return `${counts}: nothing was changed, dropped, swapped, inserted or cut off`
  const shown = findings.slice(0, shownFindings).map((finding) => `  ${findingText(finding)}`)
  const more = findings.length > shownFindings ? [`  and ${findings.length - shownFindings} more; --json has them`] : []
  return [counts, ...shown, ...more].join('\n')
}

/** Head as it is handed to others: without what only helps to grow it. */
const headFile = ({ head, trees }: HeadFile): HeadFile => ({
  head,
  trees: trees.map(({ stream, size, root }) => ({ stream, size, root })),
})

interface VerifyFlags {
  readonly head?: string
  readonly key?: string
}

const verify = async (context: Context, flags: VerifyFlags): Promise<VerifiedStore> => {
  const { config, store, signal } = context
  const given = flags.head === undefined ? undefined : await readHeadFile(flags.head)
  const keyId = flags.key ?? (await openSigningKey(config.dataDir, config.signingKey)).keyId
  const progress = context.output.progress('verifying')
  const folder = headsFolder(config.dataDir, storeUrlOf(config))
  return verifyStore({
    ...{
      store,
      url: config.eventStoreUrl === undefined ? context.db.url : undefined,
      signal,
      folder,
      keyId,
      onProgress: progress.update,
    },
    ...(given === undefined ? {} : { given }),
  }).finally(progress.stop)
}

export const addAudit = (program: Command, commands: Commands): void => {
  const audit = program
    .command('audit')
    .description('what happened, whether it would happen again, and the proof of it')
  addAuditPerson(audit, commands)
  addReproduce(audit, commands)
  addBundles(audit, commands)
  const { shell, withContext } = commands
  audit
    .command('verify')
    .description('check every event, every tree and every signed head; exit 6 names what was changed')
    .option('--head <file>', 'a head that was kept elsewhere: history was only added to since')
    .option('--key <id>', 'the key that heads must be signed by; this data folder’s unless given')
    .action((flags: VerifyFlags) =>
      withContext(async (context) => {
        const began = performance.now()
        const result = await verify(context, flags)
        const seconds = (performance.now() - began) / 1000
        context.output.result({ ...result, seconds }, verifiedText(result))
        refuse(result.findings)
      }),
    )
  audit
    .command('head')
    .description("sign the tenant's history as it is now, to be kept elsewhere")
    .option('--out <file>', 'write it there')
    .action((flags: { readonly out?: string }) =>
      withContext(async (context) => {
        const file = headFile(await context.signedHead())
        const { out } = flags
        if (out !== undefined) await withFile(out, () => writeFile(out, `${JSON.stringify(file, null, 2)}\n`))
        const { tenant, position, at, root, publicKey } = file.head
        const text = `${tenant} up to position ${position}, ${at}: ${root}\nsigned by ${keyIdOf(publicKey)}`
        context.output.result(file, text)
      }),
    )
  audit
    .command('key')
    .description('the public key that heads and bundles are signed by')
    .action(async () => {
      const { config, output } = shell()
      const { keyId, publicKey } = await openSigningKey(config.dataDir, config.signingKey)
      output.result({ key: keyId, publicKey }, `${keyId}\n${publicKey}`)
    })
}
