import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A process of its own, so that its memory is its own: a request and an answer are one line of JSON each. */
export interface SideProcess {
  readonly ask: <A>(request: object) => Promise<A>
  readonly close: () => Promise<void>
}

export const startSide = (command: string, args: readonly string[]): SideProcess => {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const failure = () => new Error(`${[command, ...args].join(' ')} ended without an answer`)
  return {
    ask: async <A>(request: object) => {
      if (child.exitCode !== null) throw failure()
      child.stdin.write(`${JSON.stringify(request)}\n`)
      const answer = await answers.next()
      if (answer.done === true) throw failure()
      return JSON.parse(answer.value) as A
    },
    close: async () => {
      child.stdin.end()
      await ended
    },
  }
}

/** A file beside this one, under the same node flags and loader as this process. */
export const startNodeSide = (name: string): SideProcess =>
  startSide(process.execPath, [...process.execArgv, fileURLToPath(new URL(name, import.meta.url))])

/** In the process that `startNodeSide` began: answers until there are no more requests. */
export const answerRequests = async <R>(answer: (request: R) => Promise<object>): Promise<void> => {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as R))}\n`)
  }
}
