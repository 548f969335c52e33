import { createHash } from 'node:crypto'
import * as t from 'io-ts'
import { failingPaths } from '../../../events/encode.js'
import { sha256Hex } from '../../../events/sha256.js'
import type { Placed } from '../../../projections/family.js'
import { appError, isAppError, shown } from '../../errors.js'
import { Ruleset } from '../../match/ruleset.js'
import type { Finding } from '../finding.js'
import { isSignedHead } from '../signed-head.js'
import { isSignedBy, keyIdOf } from '../signing-key.js'
import { checkEvents } from './check-events.js'
import { type CheckedDecision, checkPerson } from './check-person.js'
import { Evidence, VoterRow } from './evidence.js'
import {
  eventsName,
  evidenceName,
  isRulesetName,
  Manifest,
  manifestName,
  Proofs,
  pageName,
  proofsName,
  rulesetName,
  type Scope,
  signatureName,
  votersName,
} from './manifest.js'
import { summaryPage } from './page.js'
import { readZip, type ZipReader } from './zip.js'

export interface CheckedBundle {
  readonly scope: Scope | null
  /** id of the key that signed it: compare it with what the sender says */
  readonly key: string | null
  /** when its head was signed, and up to which position of the log */
  readonly at: string | null
  readonly position: number | null
  readonly events: number
  /** events that are shown without a value that names another person */
  readonly withheld: number
  readonly decisions: readonly CheckedDecision[]
  readonly findings: readonly Finding[]
}

const nothing: CheckedBundle = {
  ...{ scope: null, key: null, at: null, position: null, events: 0, withheld: 0, decisions: [], findings: [] },
}

/** A finding of a bundle's file stands under the file's name. */
const fileFinding = (name: string, fault: string): Finding => ({ stream: name, fault })

/**
 * Checks a bundle with nothing but the bundle: signature, every file's hash, every event's hash, form and proof, then
 * decides again and draws the page again. `key`: id of the key that it must be signed by. What doesn't hold is among the
 * findings. Throws FILE_NOT_FOUND, BAD_FILE for what is no bundle, INTERRUPTED.
 */
export const checkBundle = async (file: string, key?: string, signal?: AbortSignal): Promise<CheckedBundle> => {
  const zip = await readZip(file, signal)
  try {
    if (!zip.names.includes(manifestName)) {
      throw appError('BAD_FILE', `${shown(file)} is no bundle: it has no ${manifestName}`, { file })
    }
    return await check(zip, key)
  } catch (error) {
    if (!isAppError(error) || error.code !== 'CHECK_FAILED') throw error
    return { ...nothing, findings: [fileFinding(String(error.details['file'] ?? 'bundle'), error.message)] }
  } finally {
    zip.close()
  }
}

const check = async (zip: ZipReader, key: string | undefined): Promise<CheckedBundle> => {
  const text = await zip.text(manifestName)
  const manifest = decoded(Manifest, text, manifestName)
  const { head, scope } = manifest
  const known = { scope, key: keyIdOf(head.publicKey), at: head.at, position: head.position }
  const faults = [...(await signatureFaults(zip, text, manifest, key)), ...(await fileFaults(zip, manifest))]
  // what was changed can say anything: nothing is concluded from it but which events differ
  if (faults.length > 0) {
    return { ...nothing, ...known, findings: [...faults, ...(await changedEvents(zip, manifest, faults))] }
  }
  const proofs = decoded(Proofs, await zip.text(proofsName), proofsName)
  const rulesets = await rulesetsOf(zip, manifest)
  const events = await checkEvents(zip.read(eventsName), head, proofs, scope.kind === 'person')
  const countFault =
    events.count === manifest.events
      ? []
      : [fileFinding(eventsName, `it has ${events.count} events, not ${manifest.events}`)]
  const findings = [...rulesets.faults, ...events.findings, ...countFault]
  const counted = { ...nothing, ...known, events: events.count, withheld: events.withheld }
  if (findings.length > 0) return { ...counted, findings }
  if (scope.kind !== 'person') {
    const isDrawn = (await zip.text(pageName)) === summaryPage(scope, head, events.types)
    return { ...counted, findings: isDrawn ? [] : [pageFault] }
  }
  return { ...counted, ...(await personFindings(zip, manifest, rulesets.known, events.placed)) }
}

/** Which events were changed, when nothing else was. */
const changedEvents = async (
  zip: ZipReader,
  { head, scope }: Manifest,
  faults: readonly Finding[],
): Promise<readonly Finding[]> => {
  if (faults.some(({ stream }) => stream !== eventsName) || !zip.names.includes(eventsName)) return []
  const proofs = decoded(Proofs, await zip.text(proofsName), proofsName)
  try {
    return (await checkEvents(zip.read(eventsName), head, proofs, scope.kind === 'person')).findings
  } catch (error) {
    if (isAppError(error) && error.code !== 'INTERRUPTED') return []
    throw error
  }
}

const pageFault = fileFinding(pageName, 'it says something else than the events, rows and rules beside it')

const personFindings = async (
  zip: ZipReader,
  { head, scope, engine }: Manifest,
  rulesets: ReadonlyMap<string, Ruleset>,
  placed: readonly Placed[],
): Promise<Pick<CheckedBundle, 'decisions' | 'findings'>> => {
  const evidence = decoded(t.array(Evidence), await zip.text(evidenceName), evidenceName)
  const rows = decoded(t.array(VoterRow), await zip.text(votersName), votersName)
  const personId = scope.kind === 'person' ? scope.personId : ''
  const { decisions, findings, page } = checkPerson({ personId, placed, head, rulesets, evidence, rows, engine })
  const isDrawn = page === (await zip.text(pageName))
  return { decisions, findings: isDrawn || findings.length > 0 ? findings : [pageFault] }
}

const signatureFaults = async (
  zip: ZipReader,
  text: string,
  { head }: Manifest,
  key: string | undefined,
): Promise<readonly Finding[]> => {
  if (!zip.names.includes(signatureName)) return [fileFinding(signatureName, 'it is missing')]
  const by = keyIdOf(head.publicKey)
  const faults: Finding[] = []
  if (!isSignedBy(head.publicKey, text, await zip.text(signatureName))) {
    faults.push(fileFinding(signatureName, `it is no signature of ${manifestName} by the key that is named there`))
  }
  if (!isSignedHead(head)) faults.push(fileFinding(manifestName, 'the signature of its head is not right'))
  if (key !== undefined && key !== by)
    faults.push(fileFinding(manifestName, `it is signed by key ${by}, not by ${key}`))
  return faults
}

/** Every file is named in the manifest, once, and has the hash that is said there. */
const fileFaults = async (zip: ZipReader, { files }: Manifest): Promise<readonly Finding[]> => {
  const faults: Finding[] = []
  const named = new Map(files.map((one) => [one.name, one]))
  for (const name of zip.names) {
    if (name === manifestName || name === signatureName) continue
    const expected = named.get(name)
    if (expected === undefined) faults.push(fileFinding(name, 'it is not in the manifest: added'))
    else if ((await hashOf(zip, name)) !== `${expected.size} ${expected.sha256}`) {
      faults.push(fileFinding(name, 'it is not the file that was signed: changed'))
    }
  }
  for (const name of named.keys())
    if (!zip.names.includes(name)) faults.push(fileFinding(name, 'it is missing: dropped'))
  return faults
}

/** Size and hash; of damaged bytes, that they are damaged. */
const hashOf = async (zip: ZipReader, name: string): Promise<string> => {
  const hash = createHash('sha256')
  let size = 0
  try {
    for await (const bytes of zip.read(name)) {
      hash.update(bytes)
      size += bytes.length
    }
  } catch (error) {
    if (!isAppError(error) || error.code === 'INTERRUPTED') throw error
    return 'damaged'
  }
  return `${size} ${hash.digest('hex')}`
}

const rulesetsOf = async (
  zip: ZipReader,
  { files }: Manifest,
): Promise<{ readonly known: ReadonlyMap<string, Ruleset>; readonly faults: readonly Finding[] }> => {
  const known = new Map<string, Ruleset>()
  const faults: Finding[] = []
  for (const { name } of files.filter((one) => isRulesetName(one.name))) {
    const text = await zip.text(name)
    const hash = sha256Hex(text)
    if (name === rulesetName(hash)) known.set(hash, decoded(Ruleset, text, name))
    else faults.push(fileFinding(name, `it is the ruleset ${hash}, not the one of its name`))
  }
  return { known, faults }
}

/** Throws CHECK_FAILED that names the file and every failing path. */
const decoded = <A>(codec: t.Type<A, unknown>, text: string, file: string): A => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw appError('CHECK_FAILED', 'it is no JSON: changed', { file })
  }
  const result = codec.decode(value)
  if (result._tag === 'Right') return result.right
  throw appError('CHECK_FAILED', `it can't be read: ${failingPaths(result.left)}`, { file })
}
