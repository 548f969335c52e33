import type { Command } from 'commander'
import { kafkaOf } from '../../config.js'
import { appError, orThrow, shown } from '../../errors.js'
import type { PublishResult } from '../../publish/publish.js'
import type { Commands, Context } from '../context.js'

interface PublishFlags {
  readonly from?: string
  readonly once?: boolean
}

const fromOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const position = Number(text)
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(position)) return position
  throw appError('BAD_USAGE', `--from ${shown(text)}: use an event's position, a whole number from 0`)
}

const countEvents = async ({ store }: Context): Promise<number> => {
  const { streams } = await orThrow(store.sizes())
  return streams.reduce((sum, { size }) => sum + size, 0)
}

type Told = Omit<PublishResult, 'reached'> & { readonly lag: number }

const textOf = ({ events, messages, transactions, leftOut, position, lag }: Told) =>
  [
    `${events} events published, ${messages} messages in ${transactions} transactions; the topics stand at position ${position}`,
    ...(lag === 0 ? [] : [`${lag} events are left to publish`]),
    ...(leftOut === 0 ? [] : [`${leftOut} events were larger than a message may be: theirs say so`]),
  ].join('\n')

const run = async (context: Context, flags: PublishFlags): Promise<void> => {
  const { db, store, output, signal } = context
  // every other command starts a tenth of a second sooner without Kafka's client
  const { publish } = await import('../../publish/publish.js')
  const began = performance.now()
  const settings = kafkaOf(context.config)
  const from = fromOf(flags.from)
  const progress = output.progress('publishing')
  const total = await countEvents(context)
  const onProgress = (events: number): void => progress.update(events, Math.max(events, total))
  const once = flags.once === true
  const request = { db, store, settings, once, signal, note: output.note, onProgress }
  if (!once) output.note('publishing what happens; Ctrl-C ends it')
  const { reached, ...result } = await publish({ ...request, ...(from === undefined ? {} : { from }) }).finally(
    progress.stop,
  )
  const lag = Math.max(0, (await countEvents(context)) - reached)
  const seconds = (performance.now() - began) / 1000
  output.result({ ...result, lag, seconds }, textOf({ ...result, lag }))
  if (signal.aborted) throw appError('INTERRUPTED', 'interrupted')
}

export const addPublish = (program: Command, { withContext }: Commands): void => {
  program
    .command('publish')
    .description('put what happened into Kafka (KAFKA_BROKERS), each event once, and go on as more happens')
    .option('--from <position>', 'where the very first publish begins, else at the first event')
    .option('--once', 'end when everything that stood at the start is published')
    .action((flags: PublishFlags) => withContext((context) => run(context, flags)))
}
