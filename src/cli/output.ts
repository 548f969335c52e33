import { Presets, SingleBar } from 'cli-progress'

export interface OutputOptions {
  readonly json: boolean
  readonly quiet: boolean
}

/** What a command says. stdout carries the result and nothing else; notes and progress go to stderr. */
export interface Output {
  readonly json: boolean
  /** The one result: the JSON document with --json, else the text. */
  readonly result: (value: unknown, text: string) => void
  /** True once the result is out: with --json nothing may follow it on stdout. */
  readonly isAnswered: () => boolean
  readonly note: (text: string) => void
  readonly progress: (task: string) => Progress
}

export interface Progress {
  readonly update: (done: number, total: number) => void
  readonly stop: () => void
}

const lineEveryMs = 3_000

/** A bar on a terminal, a line every few seconds elsewhere, nothing with --quiet. */
const createProgress = (task: string): Progress => {
  if (process.stderr.isTTY === true) {
    const format = `${task} {bar} {percentage}% | {value}/{total} | {eta_formatted} left`
    const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true, clearOnComplete: true }, Presets.rect)
    let started = false
    return {
      update: (done, total) => {
        if (started) {
          bar.setTotal(total)
          bar.update(done)
        } else bar.start(total, done)
        started = true
      },
      stop: () => bar.stop(),
    }
  }
  const began = Date.now()
  let said = began
  return {
    update: (done, total) => {
      const now = Date.now()
      if (now - said < lineEveryMs) return
      said = now
      const left = done > 0 ? Math.round(((now - began) / done) * Math.max(0, total - done) * 0.001) : undefined
      process.stderr.write(`${task}: ${done} of ${total}${left === undefined ? '' : `, ${left} s left`}\n`)
    },
    stop: () => undefined,
  }
}

const silent: Progress = { update: () => undefined, stop: () => undefined }

export const createOutput = ({ json, quiet }: OutputOptions): Output => {
  let answered = false
  return {
    json,
    isAnswered: () => answered,
    result: (value, text) => {
      answered = true
      process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text.endsWith('\n') ? text : `${text}\n`)
    },
    note: (text) => {
      if (!quiet) process.stderr.write(`${text}\n`)
    },
    progress: (task) => (quiet ? silent : createProgress(task)),
  }
}
