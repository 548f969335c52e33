import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { appError, shown } from '../errors.js'

const saslMechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const

export interface Sasl {
  readonly mechanism: (typeof saslMechanisms)[number]
  readonly username: string
  readonly password: string
}

/** Certificates and keys as PEM. */
export interface Tls {
  /** who is trusted besides the authorities that Node knows; those alone unless given */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

export interface KafkaSettings {
  /** host:port each, one at least */
  readonly brokers: readonly string[]
  readonly tls?: Tls
  readonly sasl?: Sasl
  /** stands before the name of every topic, group and transactional id; empty unless given */
  readonly prefix: string
  /** of each topic but the checkpoint's, which has one */
  readonly partitions: number
  /** −1: as the brokers have it */
  readonly replicas: number
  /** a message is no larger, in bytes; the topics are made to take it */
  readonly maxMessageBytes: number
}

type Env = NodeJS.ProcessEnv

const brokerPattern = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})$/
const prefixPattern = /^[A-Za-z0-9._-]{0,100}$/

const refuse = (name: string, value: string, wanted: string): never => {
  throw appError('BAD_USAGE', `${name} ${shown(value)}: ${wanted}`)
}

const brokersOf = (text: string): readonly string[] => {
  const brokers = text.split(',').map((one) => one.trim())
  for (const broker of brokers) {
    const port = Number(brokerPattern.exec(broker)?.[2] ?? 0)
    if (port < 1 || port > 65_535) refuse('KAFKA_BROKERS', broker, 'use HOST:PORT, with commas between several')
  }
  return brokers
}

const wholeNumber = (env: Env, name: string, least: number, most: number): number | undefined => {
  const text = env[name]
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  if (!/^[0-9]+$/.test(text) || value < least || value > most) {
    refuse(name, text, `use a whole number from ${least} to ${most}`)
  }
  return value
}

const pemOf = (env: Env, name: string): string | undefined => {
  const file = env[name]
  if (file === undefined || file === '') return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    return refuse(name, file, `the file can't be read: ${(error as Error).message}`)
  }
}

const tlsOf = (env: Env): Tls | undefined => {
  const wanted = env['KAFKA_TLS'] ?? ''
  if (!['', 'true', 'false'].includes(wanted)) refuse('KAFKA_TLS', wanted, 'use true or false')
  const [ca, cert, key] = ['KAFKA_CA', 'KAFKA_CERT', 'KAFKA_KEY'].map((name) => pemOf(env, name))
  const files = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
  if (wanted === 'false' || (wanted === '' && Object.keys(files).length === 0)) return undefined
  if ((cert === undefined) !== (key === undefined)) {
    throw appError('BAD_USAGE', 'KAFKA_CERT and KAFKA_KEY go together: one of them is missing')
  }
  try {
    // the context alone passes over a certificate that is none
    for (const pem of [ca, cert]) if (pem !== undefined) new X509Certificate(pem)
    createSecureContext(files)
  } catch (error) {
    throw appError('BAD_USAGE', `KAFKA_CA, KAFKA_CERT or KAFKA_KEY can't be used: ${(error as Error).message}`)
  }
  return files
}

const saslOf = (env: Env): Sasl | undefined => {
  const name = env['KAFKA_SASL_MECHANISM'] ?? ''
  const username = env['KAFKA_SASL_USERNAME'] ?? ''
  const password = env['KAFKA_SASL_PASSWORD'] ?? ''
  if (name === '' && username === '' && password === '') return undefined
  const mechanism = saslMechanisms.find((one) => one === name.toLowerCase())
  if (mechanism === undefined) return refuse('KAFKA_SASL_MECHANISM', name, `use one of ${saslMechanisms.join(', ')}`)
  if (username === '' || password === '') {
    throw appError('BAD_USAGE', 'KAFKA_SASL_MECHANISM needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD')
  }
  return { mechanism, username, password }
}

const prefixOf = (env: Env): string => {
  const prefix = env['KAFKA_TOPIC_PREFIX'] ?? ''
  if (!prefixPattern.test(prefix)) {
    refuse('KAFKA_TOPIC_PREFIX', prefix, 'use letters, digits, dots, - and _, 100 at most')
  }
  return prefix
}

const defaultMessageBytes = 8 * 1024 * 1024

/**
 * What the environment says of Kafka; undefined without KAFKA_BROKERS. Throws BAD_USAGE with the variable, its value
 * (never a password) and what it may be.
 */
export const kafkaSettingsOf = (env: Env): KafkaSettings | undefined => {
  const given = env['KAFKA_BROKERS']
  if (given === undefined || given === '') return undefined
  const tls = tlsOf(env)
  const sasl = saslOf(env)
  return {
    brokers: brokersOf(given),
    ...(tls === undefined ? {} : { tls }),
    ...(sasl === undefined ? {} : { sasl }),
    prefix: prefixOf(env),
    partitions: wholeNumber(env, 'KAFKA_PARTITIONS', 1, 1_000) ?? 6,
    replicas: wholeNumber(env, 'KAFKA_REPLICAS', 1, 100) ?? -1,
    maxMessageBytes: wholeNumber(env, 'KAFKA_MAX_MESSAGE_BYTES', 10_000, 1_000_000_000) ?? defaultMessageBytes,
  }
}
