import { type ChildProcess, spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../servers/temporary-folder.js'

/** The built program, as a user runs it. `npm test` builds before it tests. */
const program = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Cli {
  readonly dataDir: string
  /** with more in its environment */
  readonly startWith: (env: Readonly<Record<string, string>>, ...args: readonly string[]) => ChildProcess
  readonly start: (...args: readonly string[]) => ChildProcess
  readonly run: (...args: readonly string[]) => Promise<Finished>
  /** Runs with --json, expects exit 0, answers the document. */
  readonly json: <T = Record<string, unknown>>(...args: readonly string[]) => Promise<T>
  readonly drop: () => Promise<void>
}

export const finish = (child: ChildProcess): Promise<Finished> =>
  new Promise((resolve, reject) => {
    let stdout = ''
    let stderr = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })

/** The program with nothing around it. */
export const startProgram = (...args: readonly string[]): ChildProcess => spawn(program, args)

/** A data folder of its own with its own embedded server, and the command line on it, with more in its environment. */
export const createCli = async (given: Readonly<Record<string, string>> = {}): Promise<Cli> => {
  const dataDir = temporaryFolder('e2e')
  const { DATABASE_URL: _, EVENTSTORE_URL: __, ...env } = process.env
  const startWith = (more: Readonly<Record<string, string>>, ...args: readonly string[]): ChildProcess =>
    spawn(program, ['--data', dataDir, ...args], { env: { ...env, USER: 'ann', ...given, ...more } })
  const start = (...args: readonly string[]): ChildProcess => startWith({}, ...args)
  const run = (...args: readonly string[]): Promise<Finished> => finish(start(...args))
  return {
    dataDir,
    start,
    startWith,
    run,
    json: async <T>(...args: readonly string[]) => {
      const { code, stdout, stderr } = await run('--json', ...args)
      if (code !== 0) throw new Error(`matchbook ${args.join(' ')} exited ${code}: ${stderr}`)
      return JSON.parse(stdout) as T
    },
    drop: () => rm(dataDir, { recursive: true, force: true }),
  }
}
