import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sha256Hex } from '../../../events/sha256.js'

const pom = fileURLToPath(new URL('pom.xml', import.meta.url))
const cache = fileURLToPath(new URL('../../../node_modules/.cache/matchbook-kafka', import.meta.url))

/** What a program said and how it ended; code −1: it isn't there. */
export const ask = (
  program: string,
  args: readonly string[],
): Promise<{ readonly code: number; readonly said: string }> =>
  new Promise((resolve) => {
    let said = ''
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += String(data)))
    child.on('error', (error) => resolve({ code: -1, said: error.message }))
    child.on('close', (code) => resolve({ code: code ?? -1, said }))
  })

const oldestJava = 17

/**
 * The class path of Apache Kafka as `pom.xml` names it. Maven fetches it once, 43 MiB, into a folder that is named by
 * the pom's hash; two who do it at once don't meet. Throws when Maven fails.
 */
export const kafkaJars = async (): Promise<string> => {
  const folder = join(cache, sha256Hex(await readFile(pom, 'utf8')).slice(0, 16))
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true })
    const draft = await mkdtemp(join(cache, 'draft-'))
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${draft}`]
    const { code, said } = await ask('mvn', ['-B', '-q', '-f', pom, ...goal])
    if (code !== 0) throw new Error(`Maven can't fetch Apache Kafka: ${said.trim().slice(0, 300)}`)
    await rename(draft, folder).catch(async (error: NodeJS.ErrnoException) => {
      await rm(draft, { recursive: true })
      // another run was faster
      if (!existsSync(folder)) throw error
    })
  }
  return join(folder, '*')
}

/** Why no Apache Kafka can run on this machine; undefined: it can, its jars are there. */
export const whyNoJava = async (): Promise<string | undefined> => {
  const java = await ask('java', ['-version'])
  const version = Number(/version "(\d+)/.exec(java.said)?.[1] ?? 0)
  if (version < oldestJava) {
    return java.code === -1 ? 'there is no Java' : `Java ${version} is older than ${oldestJava}`
  }
  const maven = await ask('mvn', ['-v'])
  if (maven.code !== 0) return 'there is no Maven'
  return kafkaJars().then(
    () => undefined,
    (error: Error) => error.message,
  )
}
