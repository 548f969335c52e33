import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

/** What a connection string says, as far as we need to know it; the client reads the rest by itself. */
export interface ConnectionUrl {
  /** `host:port` of every server named */
  readonly hosts: readonly string[]
  /** milliseconds that a server may take for an append */
  readonly deadline: number
}

/** True for the URL of an EventStoreDB rather than of a database. */
export const isEventStoreUrl = (url: string): boolean => /^esdb(\+discover)?:/.test(url)

const form = /^esdb(\+discover)?:\/\/(?:([^:@/?,]+):([^:@/?,]+)@)?([^@/?]+)\/?(?:\?(.*))?$/
const hostForm = /^[A-Za-z0-9._-]+(?::\d{1,5})?$/
const defaultPort = 2113
const defaultDeadline = 10_000

const isWhole = (value: string): boolean => /^-?\d{1,9}$/.test(value)
const isFlag = (value: string): boolean => value === 'true' || value === 'false'

/** The client warns of others on stderr, with the whole URL and so the password; `tlsVerifyCert` it doesn't honour. */
const parameters: Readonly<Record<string, (value: string) => boolean>> = {
  tls: isFlag,
  tlsCAFile: () => true,
  userCertFile: () => true,
  userKeyFile: () => true,
  connectionName: () => true,
  defaultDeadline: (value) => isWhole(value) && Number(value) > 0,
  keepAliveInterval: isWhole,
  keepAliveTimeout: isWhole,
  maxDiscoverAttempts: isWhole,
  discoveryInterval: isWhole,
  gossipTimeout: isWhole,
  nodePreference: (value) => ['leader', 'follower', 'random', 'read_only_replica'].includes(value),
}

const pairsOf = (query: string | undefined): readonly (readonly [string, string])[] =>
  (query ?? '')
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', value = ''] = pair.split('=')
      return [name, decodeURIComponent(value)] as const
    })

const certificates = { tlsCAFile: 'ca', userCertFile: 'cert', userKeyFile: 'key' } as const

const certificateFault = (name: string, file: string): string | undefined => {
  const secret = certificates[name as keyof typeof certificates]
  if (secret === undefined) return undefined
  try {
    const bytes = readFileSync(file)
    // TLS itself passes over an authority that is none, and trusts nobody then
    if (secret === 'ca') new X509Certificate(bytes)
    else createSecureContext({ [secret]: bytes })
    return undefined
  } catch (error) {
    return `${name} ${JSON.stringify(file)} can't be used: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** What is wrong with an EventStoreDB connection string, without its password; undefined: nothing. */
export const connectionUrlFault = (text: string): string | undefined => {
  const [, , user, password, hosts, query] = form.exec(text) ?? []
  const shape = 'not of the form esdb://USER:PASSWORD@HOST:PORT?tls=true, several hosts with commas between'
  if (hosts === undefined || !hosts.split(',').every((host) => hostForm.test(host))) return shape
  try {
    for (const part of [user, password]) decodeURIComponent(part ?? '')
    const pairs = pairsOf(query)
    for (const [name, value] of pairs) {
      if (parameters[name]?.(value) !== true)
        return `its parameter ${JSON.stringify(name)} is not one, or has no such value`
      const fault = certificateFault(name, value)
      if (fault !== undefined) return fault
    }
    const names = pairs.map(([name]) => name)
    if (names.includes('userCertFile') !== names.includes('userKeyFile'))
      return 'userCertFile and userKeyFile go together'
    return undefined
  } catch {
    return shape
  }
}

/** For a connection string without fault. */
export const readConnectionUrl = (url: string): ConnectionUrl => {
  const [, , , , hosts = '', query] = form.exec(url) ?? []
  const deadline = pairsOf(query).find(([name]) => name === 'defaultDeadline')?.[1]
  return {
    hosts: hosts.split(',').map((host) => (host.includes(':') ? host : `${host}:${defaultPort}`)),
    deadline: deadline === undefined ? defaultDeadline : Number(deadline),
  }
}

/** The connection string as it may be shown. */
export const withoutPassword = (url: string): string => url.replace(/^([^/]*\/\/[^:@/?,]+):[^@/?]+@/, '$1@')
