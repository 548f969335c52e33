import type { EventOf } from '../../events/catalogue.js'
import { eventIdOf } from '../../events/ids.js'
import { pidRegistryStream } from '../../events/streams.js'
import { appError, isAppError } from '../errors.js'
import { decodeStored } from '../store/decode-stored.js'
import type { EventStore } from '../store/event-store.js'
import type { Recorder } from '../store/record-events.js'
import { pidCount, pidOf } from './pid.js'

interface Block {
  readonly from: number
  readonly count: number
}

export interface PidBlocks {
  /** The PID of the n-th new person of the batch, from 0; reserves a further block when the last one is used up. */
  readonly pidOf: (n: number) => Promise<string>
}

interface ReserveDeps {
  readonly store: EventStore
  readonly recorder: Recorder
  readonly meta: () => EventOf<'PidBlockReserved'>['meta']
}

/**
 * Serials for one batch, in blocks of `blockSize`. The registry is appended at its expected revision, so no serial goes
 * to two batches; a batch that is resumed finds its own blocks again and gives each person the PID it had.
 */
export const reserveBlocks = async (
  deps: ReserveDeps,
  tenant: string,
  batch: string,
  blockSize: number,
): Promise<PidBlocks> => {
  const blocks: Block[] = []
  let next = 0
  let revision = -1
  const readRegistry = async (): Promise<void> => {
    for await (const events of deps.store.readStream(pidRegistryStream, { from: revision + 1 })) {
      for (const stored of events) {
        const event = decodeStored(stored)
        revision = stored.revision
        if (event.type !== 'PidBlockReserved') continue
        const { from, count, tenant: owner, batch: user } = event.data
        next = Math.max(next, from + count)
        if (owner === tenant && user === batch) blocks.push({ from, count })
      }
    }
  }
  const reserve = async (): Promise<void> => {
    for (;;) {
      await readRegistry()
      if (next + blockSize > pidCount) throw appError('BAD_USAGE', 'all 1,073,741,824 PIDs have been given')
      const block = blocks.length
      const event: EventOf<'PidBlockReserved'> = {
        id: eventIdOf(pidRegistryStream, tenant, batch, block),
        type: 'PidBlockReserved',
        v: 1,
        meta: deps.meta(),
        data: { from: next, count: blockSize, tenant, batch, block },
      }
      try {
        await deps.recorder.record(pidRegistryStream, [event], revision)
        return await readRegistry()
      } catch (error) {
        // another batch took the place: read what it took and try behind it
        if (!isAppError(error) || error.code !== 'WRONG_REVISION') throw error
      }
    }
  }
  await readRegistry()
  return {
    pidOf: async (n) => {
      for (;;) {
        let before = 0
        for (const { from, count } of blocks) {
          if (n < before + count) return pidOf(from + n - before)
          before += count
        }
        await reserve()
      }
    },
  }
}
