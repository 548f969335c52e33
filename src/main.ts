#!/usr/bin/env -S node --max-semi-space-size=64
import { readFileSync } from 'node:fs'
import type { Meta } from '../events/catalogue.js'
import { foldAside } from '../projections/fold-aside.js'
import { migrateProjections } from '../projections/migrations.js'
import { disown, isOwnStore } from '../projections/own-store.js'
import { createProjector } from '../projections/project.js'
import { rebuild } from '../projections/rebuild.js'
import { headsFolder } from './audit/kept-heads.js'
import { makeHead } from './audit/make-head.js'
import { openSigningKey } from './audit/signing-key.js'
import { streamRoots } from './audit/stream-root.js'
import type { Context, Shell, WithContext, WithStoreAt } from './cli/context.js'
import { createOutput, type Output } from './cli/output.js'
import { createProgram, type GlobalOptions, isHelp, isUsage } from './cli/program.js'
import { type Config, checkedStoreUrl, kafkaOf, readConfig, storeUrlOf } from './config.js'
import { engineVersion } from './engine.js'
import { type AppError, appError, exitCodeOf, exitCodes, isAppError, orThrow } from './errors.js'
import { runEngine } from './evaluate/run-engine.js'
import { fileFailure } from './file-failure.js'
import { type Database, openDatabase } from './postgres/connect.js'
import { startOrAttach } from './postgres/embedded-server.js'
import { withAdvisoryLock } from './postgres/lock.js'
import { matcherFor } from './runs/match-pool.js'
import type { EventStore } from './store/event-store.js'
import { isEventStoreUrl } from './store/eventstoredb/connection-url.js'
import { openEventStoreDb, openStore } from './store/open-store.js'
import { openPostgresStore } from './store/postgres/postgres-store.js'
import { createRecorder } from './store/record-events.js'
import { openIndex } from './voters/open-index.js'
import { kafkaMatching } from './workers/kafka-matcher.js'

/**
 * The only place where parts are put together. The young generation is 64 MB, as batches of thousands of rows die young:
 * at 16 MB they are copied into the old one first, which took a quarter of an import's time.
 */

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string
}

const interrupts = new AbortController()

const metaOf = (actor: string, correlationId: string): Meta => ({
  actor,
  correlationId,
  engine: engineVersion,
  recordedAt: new Date().toISOString(),
})

interface Server {
  readonly url: string
  readonly stop: () => Promise<void>
}

const openServer = async ({ databaseUrl, dataDir }: Config): Promise<Server> =>
  databaseUrl === undefined ? orThrow(startOrAttach(dataDir)) : { url: databaseUrl, stop: async () => undefined }

/** Fills tables again before anybody asks them, and says why; all of them unless `tables` names some. */
const rebuildFirst = async (
  db: Database,
  store: EventStore,
  output: Output,
  why: string,
  tables?: readonly string[],
): Promise<void> => {
  output.note(`rebuilding ${tables === undefined ? 'all tables' : tables.join(', ')}: ${why}`)
  const progress = output.progress('replaying')
  const options = { db, store, signal: interrupts.signal, onProgress: progress.update }
  await rebuild(tables === undefined ? options : { ...options, tables }).finally(progress.stop)
}

/** Tables of another store's events are filled again from this one's, tables that other code has filled by this one. */
const rebuildWrong = async (db: Database, store: EventStore, output: Output): Promise<void> => {
  const stale = await orThrow(migrateProjections(db))
  if (!(await isOwnStore(db, store))) {
    await disown(db)
    await orThrow(migrateProjections(db))
    await rebuildFirst(db, store, output, 'they were made from the events of another store')
  } else if (stale.length > 0) {
    await rebuildFirst(db, store, output, 'made by another version of Matchbook, or missing', stale)
  }
}

/** What was recorded stands, signed or not: a command doesn't fail by it. */
const unsignedNote = (error: unknown): string =>
  `what was recorded is not signed: ${isAppError(error) ? error.message : String(error)}`

const openContext = async (shell: Shell, url: string): Promise<{ context: Context; close: () => Promise<void> }> => {
  const { config, output } = shell
  const db = openDatabase({ url })
  let opened: EventStore | undefined
  try {
    const store = await openStore(config.eventStoreUrl ?? db.url, db)
    opened = store
    await rebuildWrong(db, store, output)
    const aside = foldAside(db)
    const projector = createProjector({ db, store, fold: aside.fold })
    const roots = streamRoots(store)
    let recorded = false
    const recorder = createRecorder(store, (events, position) => {
      recorded = true
      roots.take(events)
      return projector.take(events, position)
    })
    const signedHead = () =>
      makeHead({
        ...{ store, tenant: config.tenant, folder: headsFolder(config.dataDir, storeUrlOf(config)) },
        known: roots.known,
        key: () => openSigningKey(config.dataDir, config.signingKey),
        now: () => new Date().toISOString(),
      })
    const context: Context = {
      ...shell,
      db,
      store,
      tenant: config.tenant,
      recorder,
      catchUp: async () => {
        await recorder.settle()
        await projector.catchUp()
      },
      meta: (correlationId) => metaOf('system', correlationId),
      metaOf,
      streamRoot: roots.rootOf,
      signedHead,
      openMatcher: (workers = config.workers === 'kafka') =>
        workers ? kafkaMatching({ kafka: kafkaOf(config), signal: shell.signal, note: output.note }) : matcherFor,
      loadIndex: (ref) => openIndex(config.dataDir, ref, output.note),
      withTenant: (work) => {
        const onWait = (): void => output.note(`waiting for another import or run of tenant ${config.tenant} to end`)
        return orThrow(withAdvisoryLock(db, `tenant:${config.tenant}`, { onWait }, work))
      },
    }
    const close = async (): Promise<void> => {
      await recorder.settle().finally(aside.close)
      if (recorded) await signedHead().catch((error: unknown) => output.note(unsignedNote(error)))
      await store.close()
      await db.close()
    }
    return { context, close }
  } catch (error) {
    await opened?.close()
    await db.close()
    throw error
  }
}

const withContextOf =
  (shell: () => Shell): WithContext =>
  async (work) => {
    const opened = shell()
    const server = await openServer(opened.config)
    try {
      const { context, close } = await openContext(opened, server.url)
      try {
        return await work(context)
      } finally {
        await close()
      }
    } finally {
      await server.stop()
    }
  }

const withStoreAtOf =
  (shell: () => Shell): WithStoreAt =>
  async (url, flag, work) => {
    const { config } = shell()
    const at = url === 'embedded' ? undefined : checkedStoreUrl(url, flag)
    if (at !== undefined && isEventStoreUrl(at)) {
      const store = await openEventStoreDb(at)
      return work(store).finally(store.close)
    }
    const server = await openServer({ ...config, databaseUrl: at })
    const db = openDatabase({ url: server.url })
    try {
      const store = await orThrow(openPostgresStore(db))
      return await work(store).finally(store.close)
    } finally {
      await db.close()
      await server.stop()
    }
  }

const tell = (error: AppError, json: boolean): void => {
  const { code, message, details } = error
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, details } }, null, 2)}\n`)
  const next = code === 'INTERRUPTED' ? '; run the same command again to go on' : ''
  process.stderr.write(`matchbook: ${message}${next}\n`)
}

const exitOf = (error: unknown, json: boolean): number => {
  if (isHelp(error)) return exitCodes.done
  if (isUsage(error)) return exitCodes.badInput
  if (interrupts.signal.aborted && !isAppError(error)) {
    tell(appError('INTERRUPTED', 'interrupted'), json)
    return exitCodes.interrupted
  }
  if (isAppError(error)) {
    tell(error, json)
    return exitCodeOf(error)
  }
  const shown = process.env['MATCHBOOK_DEBUG'] === '1' && error instanceof Error ? error.stack : String(error)
  process.stderr.write(`matchbook: a bug, please report it (MATCHBOOK_DEBUG=1 shows more): ${shown}\n`)
  return exitCodes.bug
}

/** Who stops reading, as `head` does, misses nothing that was to be done; a full disk is told. Unheard, either would end the process. */
const hearFailedWrites = (): void => {
  process.stderr.on('error', () => undefined)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    const failure = fileFailure(error, 'stdout') ?? appError('BAD_FILE', `stdout can't be written: ${error.message}`)
    tell(failure, false)
    process.exitCode = exitCodeOf(failure)
  })
}

const main = async (argv: readonly string[]): Promise<number> => {
  let options: GlobalOptions = {}
  let output: Output | undefined
  const shell = (): Shell => {
    const config = readConfig(options, process.env)
    output = createOutput({ json: options.json === true, quiet: options.quiet === true })
    return { config, output, signal: interrupts.signal }
  }
  const program = createProgram(
    { shell, withContext: withContextOf(shell), withStoreAt: withStoreAtOf(shell), engine: runEngine },
    version,
  )
  program.hook('preAction', () => {
    options = program.opts<GlobalOptions>()
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (interrupts.signal.aborted) process.exit(exitCodes.interrupted)
      interrupts.abort()
    })
  }
  try {
    await program.parseAsync([...argv])
    return exitCodes.done
  } catch (error) {
    // a check that failed has answered already, with what it found
    return exitOf(error, options.json === true && output?.isAnswered() !== true)
  }
}

hearFailedWrites()
const exitCode = await main(process.argv)
process.exitCode ??= exitCode
// what a library has left open after a server went away (a Kafka client that connects again) doesn't hold the command
setTimeout(() => process.exit(), 3_000).unref()
