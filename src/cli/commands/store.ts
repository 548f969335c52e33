import type { Command } from 'commander'
import { appError } from '../../errors.js'
import { copyStore } from '../../store/copy/copy-store.js'
import type { Commands } from '../context.js'
import { withoutPassword } from '../url-text.js'

interface CopyFlags {
  readonly from: string
  readonly to: string
}

export const addStore = (program: Command, { shell, withStoreAt }: Commands): void => {
  const store = program.command('store').description('where the events are')
  store
    .command('copy')
    .description('copy all events into another store and compare every Merkle root; run again, it goes on')
    .requiredOption('--from <url>', 'postgres://…, esdb://…, or embedded: the data folder’s own')
    .requiredOption('--to <url>', 'the same; it must be empty, or what an earlier run has left')
    .action(async ({ from, to }: CopyFlags) => {
      if (from === to) throw appError('BAD_USAGE', 'the source is the target')
      const { output, signal } = shell()
      const began = performance.now()
      const copied = await withStoreAt(from, '--from', (source) =>
        withStoreAt(to, '--to', async (target) => {
          const copying = output.progress('copying')
          const comparing = output.progress('comparing roots')
          const onProgress = (step: 'copying' | 'comparing', done: number, of: number): void =>
            (step === 'copying' ? copying : comparing).update(done, of)
          return copyStore({ from: source, to: target, signal, onProgress }).finally(() => {
            copying.stop()
            comparing.stop()
          })
        }),
      )
      const seconds = (performance.now() - began) / 1000
      const text = `${copied.events} events in ${copied.streams} streams, ${copied.copied} of them copied now; ${copied.roots} roots are the same`
      output.result({ from: withoutPassword(from), to: withoutPassword(to), ...copied, seconds }, text)
    })
}
