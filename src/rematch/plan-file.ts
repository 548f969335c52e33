import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { canonicalJson, type Json } from '../../events/canonical-json.js'
import { failingPaths } from '../../events/encode.js'
import { appError, isAppError, shown } from '../errors.js'
import { withFile } from '../file-failure.js'
import { makeFolder } from '../make-folder.js'
import { hashFile } from '../voters/whole-artifact.js'
import { Head, PlanLine, Summary } from './plan.js'

/** Plans lie in the data folder; they are derived, and may be deleted. */
const plansFolder = (dataDir: string): string => path.join(dataDir, 'plans')

const ending = '.plan'

export interface PlanWriter {
  readonly write: (line: PlanLine) => Promise<void>
  /** Ends the file and puts it in place; answers the plan's name and where it lies. */
  readonly close: () => Promise<{ readonly plan: string; readonly file: string }>
  readonly discard: () => Promise<void>
}

const bufferedBytes = 1 << 18

/** Lines go to a draft, one a tenant; who is killed half-way leaves it to the next to write over. Throws DISK_FULL and its like. */
export const planWriter = async (dataDir: string, head: Head): Promise<PlanWriter> => {
  const folder = plansFolder(dataDir)
  await makeFolder(folder)
  const draft = path.join(folder, `${head.tenant}.draft`)
  const handle = await withFile(draft, () => open(draft, 'w'))
  const hash = createHash('sha256')
  let lines: string[] = []
  let size = 0
  const flush = async (): Promise<void> => {
    const text = lines.join('')
    hash.update(text)
    await withFile(draft, () => handle.writeFile(text))
    lines = []
    size = 0
  }
  const write = async (line: Head | PlanLine): Promise<void> => {
    const text = `${canonicalJson(line as unknown as Json)}\n`
    lines.push(text)
    size += text.length
    if (size >= bufferedBytes) await flush()
  }
  await write(head)
  return {
    write,
    close: async () => {
      await flush()
      await handle.sync()
      await handle.close()
      const plan = hash.digest('hex')
      const file = path.join(folder, `${plan}${ending}`)
      await rename(draft, file)
      return { plan, file }
    },
    discard: async () => {
      await handle.close()
      await rm(draft, { force: true })
    },
  }
}

export interface PlanFile {
  readonly plan: string
  readonly file: string
  readonly head: Head
  readonly lines: () => AsyncGenerator<PlanLine>
}

/**
 * A plan by its name, the name's first 8 characters or more, or its file. Throws PLAN_NOT_FOUND; BAD_PLAN for one whose
 * bytes have another hash than its name, that can't be read, or that is another tenant's.
 */
export const openPlan = async (dataDir: string, tenant: string, ref: string): Promise<PlanFile> => {
  const file = await findPlan(dataDir, ref)
  const plan = path.basename(file, ending)
  if ((await hashFile(file)) !== plan) {
    throw badPlan(file, 'its bytes are not those that it is named by')
  }
  const head = await headOf(file)
  if (head.tenant !== tenant) throw badPlan(file, `it is tenant ${head.tenant}'s, not ${tenant}'s`)
  return { plan, file, head, lines: () => linesOf(file) }
}

const badPlan = (file: string, why: string) =>
  appError('BAD_PLAN', `The plan ${shown(file)} can't be used: ${why}`, { file })

const findPlan = async (dataDir: string, ref: string): Promise<string> => {
  if (ref.endsWith(ending) && existsSync(ref)) return ref
  const found = (await planFiles(dataDir)).filter((file) => ref.length >= 8 && path.basename(file).startsWith(ref))
  if (found.length === 1) return found[0]!
  throw appError('PLAN_NOT_FOUND', `there is no plan ${shown(ref)}: matchbook rematch list`, { plan: ref })
}

const planFiles = async (dataDir: string): Promise<readonly string[]> => {
  const folder = plansFolder(dataDir)
  if (!existsSync(folder)) return []
  const names = (await readdir(folder)).filter((name) => name.endsWith(ending)).sort()
  return names.map((name) => path.join(folder, name))
}

export interface ListedPlan {
  readonly plan: string
  readonly head: Head
  readonly summary: Summary
}

/** The tenant's plans; `unusable`: what is wrong with those that can't be read, which hide no other. */
export const listPlans = async (
  dataDir: string,
  tenant: string,
): Promise<{ readonly plans: readonly ListedPlan[]; readonly unusable: readonly string[] }> => {
  const plans: ListedPlan[] = []
  const unusable: string[] = []
  for (const file of await planFiles(dataDir)) {
    try {
      const head = await headOf(file)
      const plan = path.basename(file, ending)
      if (head.tenant === tenant) plans.push({ plan, head, summary: await summaryOf(file) })
    } catch (error) {
      if (!isAppError(error) || error.code !== 'BAD_PLAN') throw error
      unusable.push(error.message)
    }
  }
  return { plans, unusable }
}

/** Longer than any summary. */
const tailBytes = 1 << 20

/** The last line of a plan. */
export const summaryOf = async (file: string): Promise<Summary> => {
  const { size } = await withFile(file, () => stat(file))
  const handle = await withFile(file, () => open(file, 'r'))
  try {
    const tail = Buffer.alloc(Math.min(size, tailBytes))
    await handle.read(tail, 0, tail.length, size - tail.length)
    const last = tail.toString('utf8').trimEnd().split('\n').at(-1)!
    const decoded = Summary.decode(parsed(file, last))
    if (decoded._tag === 'Right') return decoded.right
    throw badPlan(file, failingPaths(decoded.left))
  } finally {
    await handle.close()
  }
}

const textLines = (file: string): AsyncIterable<string> =>
  createInterface({ input: createReadStream(file, { encoding: 'utf8', highWaterMark: bufferedBytes }) })

const headOf = async (file: string): Promise<Head> => {
  for await (const text of textLines(file)) {
    const decoded = Head.decode(parsed(file, text))
    if (decoded._tag === 'Right') return decoded.right
    throw badPlan(file, failingPaths(decoded.left))
  }
  throw badPlan(file, 'it is empty')
}

async function* linesOf(file: string): AsyncGenerator<PlanLine> {
  let number = 0
  for await (const text of textLines(file)) {
    if (++number === 1) continue
    const decoded = PlanLine.decode(parsed(file, text))
    if (decoded._tag === 'Left') throw badPlan(file, `line ${number}: ${failingPaths(decoded.left)}`)
    yield decoded.right
  }
}

const parsed = (file: string, text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badPlan(file, `it is no JSON: ${(error as SyntaxError).message}`)
  }
}
