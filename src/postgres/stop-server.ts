import { setTimeout as sleep } from 'node:timers/promises'
import type { Place } from './cluster-place.js'
import { readPostmaster } from './postmaster-file.js'
import type { Lease } from './server-lease.js'
import { translateError } from './translate-error.js'

const pollMs = 10
/** The last checkpoint may have a whole import to write; after this the server finishes alone. */
const patienceMs = 120_000

const interrupt = (pid: number): void => {
  try {
    // Fast shutdown: no new connections, running ones are ended, a checkpoint is written.
    process.kill(pid, 'SIGINT')
  } catch (error) {
    if ((error as { code?: string }).code !== 'ESRCH') throw error
  }
}

const untilGone = async (place: Place, pid: number): Promise<void> => {
  const begun = Date.now()
  while (readPostmaster(place.cluster)?.pid === pid && Date.now() - begun < patienceMs) await sleep(pollMs)
}

const leave = async (lease: Lease, place: Place, pid: number): Promise<void> => {
  try {
    if (await lease.giveBack()) {
      interrupt(pid)
      // Our lease is held to the end, so that nobody attaches to a server that is about to go.
      await untilGone(place, pid)
    }
  } catch (error) {
    // The server was already gone: stopped is what we wanted.
    if (translateError(error, place.folder) === undefined) throw error
  } finally {
    await lease.close()
  }
}

/** The `stop` of an attached process. Calling it twice does it once. */
export const stopIfLast = (lease: Lease, place: Place, pid: number): (() => Promise<void>) => {
  let leaving: Promise<void> | undefined
  return () => (leaving ??= leave(lease, place, pid))
}
