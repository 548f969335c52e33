import type { Finding } from './finding.js'
import { readKeptHeads, readMarks } from './kept-heads.js'
import { nameDifference } from './name-difference.js'
import { coversTrees, type HeadFile, isSignedHead } from './signed-head.js'
import { keyIdOf } from './signing-key.js'
import { type SignedTree, type VerifyOptions, verifyLog } from './verify-log.js'

interface StoreProof extends Omit<VerifyOptions, 'signed'> {
  /** see `headsFolder` */
  readonly folder: string
  /** id of the key that heads must be signed by */
  readonly keyId: string
  /** a head that somebody kept elsewhere */
  readonly given?: HeadFile
}

export interface VerifiedStore {
  readonly events: number
  readonly streams: number
  readonly roots: number
  /** heads whose signature holds, the given one among them */
  readonly heads: number
  readonly findings: readonly Finding[]
}

/** What is wrong with a head itself. */
const headFault = ({ head, trees }: HeadFile, keyId: string): string | undefined => {
  if (!isSignedHead(head)) return 'its signature is not right: it was changed'
  if (!coversTrees({ head, trees })) return 'its streams are not those that were signed: it was changed'
  const by = keyIdOf(head.publicKey)
  return by === keyId ? undefined : `it is signed by another key, ${by}`
}

/**
 * Verifies the whole log against itself, against the newest head that the data folder keeps of each tenant, and against
 * an older one that is given: then history was only added to since. Every event that isn't what it was is named.
 */
export const verifyStore = async ({ folder, keyId, given, ...options }: StoreProof): Promise<VerifiedStore> => {
  const kept = await readKeptHeads(folder)
  const findings: Finding[] = []
  const signed: SignedTree[] = []
  let heads = 0
  for (const file of [...kept, ...(given === undefined ? [] : [given])]) {
    const { tenant, position, at } = file.head
    const by = `the ${file === given ? 'given' : 'kept'} head of ${tenant} of ${at}`
    const fault = headFault(file, keyId)
    if (fault === undefined) heads++
    else findings.push({ stream: `of the heads of ${tenant}`, position, fault: `${by}: ${fault}` })
    if (fault === undefined) signed.push(...file.trees.map(({ stream, size, root }) => ({ stream, size, root, by })))
  }
  const log = await verifyLog({ ...options, signed })
  findings.push(...log.findings)
  for (const one of log.differing) {
    const named = await nameDifference(options.store, one, await readMarks(folder, one.stream))
    const isNew = ({ stream, revision }: Finding): boolean =>
      !findings.some((other) => other.stream === stream && other.revision === revision && revision !== undefined)
    findings.push(...named.filter(isNew))
  }
  const { events, streams, roots } = log
  return { events, streams, roots, heads, findings }
}
