import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))

/** A match worker as users start it. */
export interface TestWorker {
  readonly child: ChildProcess
  /** what it has said on stderr */
  readonly said: () => string
  /** Resolves when it has said this; throws when it ends before. */
  readonly says: (text: string) => Promise<void>
  /** Stops it, unless it has ended; answers its exit code, null when it was killed. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

export const startWorker = (dataDir: string, env: Readonly<Record<string, string>>, ...args: string[]): TestWorker => {
  const child = spawn(program, ['--data', dataDir, 'worker', ...args], { env: { ...process.env, ...env } })
  const ended = once(child, 'close') as Promise<[number | null]>
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  return {
    child,
    said: () => said,
    says: async (text) => {
      while (!said.includes(text)) {
        const [end] = await Promise.race([ended.then(() => ['ended']), once(child.stderr, 'data')])
        if (end === 'ended' && !said.includes(text)) throw new Error(`the worker ended without saying ${text}: ${said}`)
      }
    },
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      return (await ended)[0]
    },
  }
}

/** What a worker says when it is in its groups. */
export const ready = 'holds'
