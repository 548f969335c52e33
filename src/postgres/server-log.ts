import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs'

const keepBytes = 1_000_000
const tailBytes = 4_000
const tailLines = 8

/** Appends to the log; a log of more than a megabyte is put aside first, one generation is kept. */
export const openLog = (path: string): { readonly fd: number; readonly start: number } => {
  if (existsSync(path) && statSync(path).size > keepBytes) renameSync(path, `${path}.old`)
  const fd = openSync(path, 'a', 0o600)
  return { fd, start: statSync(path).size }
}

const reason = /FATAL:|PANIC:|ERROR:|HINT:|DETAIL:|error:/
const stamp = /^[\d-]+ [\d:.]+ UTC \[\d+\] /

/** Why a program gave up, on one line: what it printed as errors and hints, or its last lines if it named none. */
export const reasonOf = (printed: string): string => {
  const lines = printed
    .split('\n')
    .map((line) => line.replace(stamp, '').trim())
    .filter((line) => line !== '')
  const reasons = lines.filter((line) => reason.test(line))
  return (reasons.length > 0 ? reasons : lines).slice(-tailLines).join(' | ')
}

/** What was written to the log after byte `start`, 4 KB at most. */
export const logTail = (path: string, start: number): string => {
  if (!existsSync(path)) return ''
  const end = statSync(path).size
  const from = Math.max(start, end - tailBytes)
  const bytes = Buffer.alloc(Math.max(0, end - from))
  const fd = openSync(path, 'r')
  try {
    readSync(fd, bytes, 0, bytes.length, from)
  } finally {
    closeSync(fd)
  }
  return bytes.toString('utf8')
}
