import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '../temporary-folder.js'
import { freePort } from './free-port.js'
import { ask, kafkaJars } from './jars.js'

/** An Apache Kafka of one node, KRaft in combined mode, on loopback, in a folder of its own. */
export interface LocalBroker {
  /** host:port; the same after every start */
  readonly brokers: string
  /** Starts it again after `kill`; resolves when it serves, 3 to 4 s. */
  readonly start: () => Promise<void>
  /** kill -9, resolves when it is dead. */
  readonly kill: () => Promise<void>
  /** Kills it and removes its folder. */
  readonly remove: () => Promise<void>
}

const settings = new URL('server.properties', import.meta.url)

const javaOptions = ['-Xms128m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dlog4j2.level=INFO']

/**
 * Dies by kill -9 when its standard input ends, so that no broker outlives whoever started it, however that one ends.
 * The shell ends with its broker.
 */
const leashed =
  'exec 3<&0; "$@" </dev/null 2>&1 3<&- & broker=$!; (cat <&3 >/dev/null; kill -9 $broker) 2>/dev/null & wait $broker'

const writeSettings = async (folder: string, port: number): Promise<string> => {
  const values: Readonly<Record<string, string>> = {
    PORT: String(port),
    CONTROLLER_PORT: String(await freePort()),
    FOLDER: folder,
  }
  const text = (await readFile(settings, 'utf8')).replace(/@(\w+)@/g, (_, name: string) => values[name]!)
  const file = join(folder, 'server.properties')
  await writeFile(file, text)
  return file
}

const format = async (jars: string, file: string): Promise<void> => {
  // one in 64 begins with a hyphen, which only this form of the option takes
  const cluster = randomBytes(16).toString('base64url')
  const tool = ['kafka.tools.StorageTool', 'format', '--standalone', `--cluster-id=${cluster}`, '-c', file]
  const { code, said } = await ask('java', [...javaOptions, '-cp', jars, ...tool])
  if (code !== 0) throw new Error(`Kafka's folder can't be formatted: ${said.slice(-2_000)}`)
}

/** Resolves when the broker says that it serves; what it says goes to a file. */
const launch = async (jars: string, file: string, log: string): Promise<ChildProcess> => {
  const java = ['java', ...javaOptions, '-cp', jars, 'kafka.Kafka', file]
  const child = spawn('sh', ['-c', leashed, 'sh', ...java], { stdio: ['pipe', 'pipe', 'ignore'] })
  child.stdout.setEncoding('utf8').pipe(createWriteStream(log, { flags: 'a' }))
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', () => reject(new Error(`Kafka did not start: ${said.slice(-2_000)}`)))
    child.stdout.on('data', (text: string) => {
      said = said.slice(-2_000) + text
      if (said.includes('Kafka Server started')) resolve()
    })
  })
  child.stdout.removeAllListeners('data')
  return child
}

/** Formats and starts a broker; see `LocalBroker`. About 5 s. Throws when it can't. */
export const startLocalBroker = async (): Promise<LocalBroker> => {
  const jars = await kafkaJars()
  const folder = temporaryFolder('kafka')
  const port = await freePort()
  const file = await writeSettings(folder, port)
  await format(jars, file)
  let running: ChildProcess | undefined
  const start = async (): Promise<void> => {
    running = await launch(jars, file, join(folder, 'broker.log'))
  }
  const kill = async (): Promise<void> => {
    if (running === undefined || running.exitCode !== null) return
    const ended = once(running, 'exit')
    running.stdin?.end()
    await ended
    running = undefined
  }
  await start()
  return {
    brokers: `127.0.0.1:${port}`,
    start,
    kill,
    remove: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
