import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { isTenantName } from '../events/streams.js'
import { appError, shown } from './errors.js'
import { type KafkaSettings, kafkaSettingsOf } from './publish/kafka-settings.js'
import { connectionUrlFault, isEventStoreUrl } from './store/eventstoredb/connection-url.js'

export interface Config {
  readonly dataDir: string
  readonly tenant: string
  /** replaces the embedded server */
  readonly databaseUrl: string | undefined
  /** where the events are, when not in the database */
  readonly eventStoreUrl: string | undefined
  /** file of the key that signs heads and bundles; replaces the data folder's own */
  readonly signingKey: string | undefined
  /** who matches: the workers of Kafka, else this process */
  readonly workers: 'kafka' | undefined
  /** where events are published and workers are found; undefined: nowhere */
  readonly kafka: KafkaSettings | undefined
}

const isDatabaseUrl = (text: string): boolean => {
  try {
    const { protocol, username, password, pathname } = new URL(text)
    // the driver decodes these and throws when they can't be
    for (const part of [username, password, pathname]) decodeURIComponent(part)
    return protocol === 'postgres:' || protocol === 'postgresql:'
  } catch {
    return false
  }
}

/** What the driver reads from files that the URL names, and what it gives to TLS. */
const certificates = { sslrootcert: 'ca', sslcert: 'cert', sslkey: 'key' } as const

/** The driver reads them when it connects and throws what is no failure of the server. Throws BAD_USAGE. */
const refuseBadCertificates = (url: string, name: string): void => {
  const { searchParams } = new URL(url)
  for (const [parameter, secret] of Object.entries(certificates)) {
    const file = searchParams.get(parameter)
    if (file === null || file === '') continue
    try {
      createSecureContext({ [secret]: readFileSync(file) })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw appError('BAD_USAGE', `${parameter} ${shown(file)} of ${name} can't be used: ${reason}`, { file })
    }
  }
}

/** Throws BAD_USAGE without the value, in which a password may stand. */
const databaseUrlOf = (given: string | undefined, name: string): string | undefined => {
  if (given === undefined || given === '') return undefined
  if (!isDatabaseUrl(given)) {
    throw appError('BAD_USAGE', `${name} is not of the form postgres://USER:PASSWORD@HOST:PORT/DATABASE`)
  }
  refuseBadCertificates(given, name)
  return given
}

/** A URL that is given for a store, of an EventStoreDB or of a database; `name` says where. Throws BAD_USAGE without it. */
export const checkedStoreUrl = (url: string, name: string): string =>
  (isEventStoreUrl(url) ? eventStoreUrlOf(url, name) : databaseUrlOf(url, name)) ?? ''

/** Where the events are; undefined: in the embedded server. */
export const storeUrlOf = ({ eventStoreUrl, databaseUrl }: Config): string | undefined => eventStoreUrl ?? databaseUrl

/** Throws BAD_USAGE without the value, in which a password may stand. */
const eventStoreUrlOf = (given: string | undefined, name: string): string | undefined => {
  if (given === undefined || given === '') return undefined
  const fault = connectionUrlFault(given)
  if (fault !== undefined) throw appError('BAD_USAGE', `${name} can't be used: ${fault}`)
  return given
}

/** Throws BAD_USAGE. */
const workersOf = (given: string | undefined): 'kafka' | undefined => {
  if (given === undefined || given === '') return undefined
  if (given === 'kafka') return given
  throw appError('BAD_USAGE', `MATCHBOOK_WORKERS ${shown(given)}: use kafka, or leave it out to match in this process`)
}

/**
 * Options win over the environment, the environment over defaults. Throws BAD_USAGE for a name that is no tenant's and
 * for a URL that is no database's, and for what makes no sense of Kafka (see kafkaSettingsOf).
 */
export const readConfig = (
  options: { readonly data?: string; readonly tenant?: string },
  env: NodeJS.ProcessEnv,
): Config => {
  const tenant = options.tenant ?? env['MATCHBOOK_TENANT'] ?? 'default'
  if (!isTenantName(tenant)) {
    throw appError('BAD_USAGE', `tenant ${shown(tenant)}: use lower-case letters, digits, - and _, 63 at most`, {
      tenant,
    })
  }
  return {
    dataDir: resolve(options.data ?? env['MATCHBOOK_DATA'] ?? '.matchbook'),
    tenant,
    databaseUrl: databaseUrlOf(env['DATABASE_URL'], 'DATABASE_URL'),
    eventStoreUrl: eventStoreUrlOf(env['EVENTSTORE_URL'], 'EVENTSTORE_URL'),
    signingKey: env['MATCHBOOK_SIGNING_KEY'] || undefined,
    workers: workersOf(env['MATCHBOOK_WORKERS']),
    kafka: kafkaSettingsOf(env),
  }
}

/** Throws BAD_USAGE without settings: what is asked for can't be done without Kafka. */
export const kafkaOf = ({ kafka }: Pick<Config, 'kafka'>): KafkaSettings => {
  if (kafka !== undefined) return kafka
  throw appError('BAD_USAGE', 'KAFKA_BROKERS is not set: say where Kafka is, HOST:PORT with commas between several')
}
