import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { type BrokerAnswer, findBroker } from './broker.js'
import { whyNoJava } from './jars.js'

/** What the run's test files are told when they ask for Kafka. */
export type KafkaAnswer = { readonly brokers: string } | { readonly missing: string }

declare module 'vitest' {
  export interface ProvidedContext {
    /** where test files ask for Kafka */
    kafkaUrl: string
  }
}

const tell = (skipped: ReadonlyMap<string, string>): void => {
  if (skipped.size === 0) return
  const lines = [...skipped].map(([suite, why]) => `  ${suite}: ${why}`)
  process.stderr.write(`\nSkipped, as there is no Kafka for them:\n${lines.join('\n')}\n`)
}

/**
 * vitest's global set-up: one broker for all test files, started when the first of them asks, over HTTP on loopback; gone
 * at the end. Suites that had to be skipped are the last that the run says; where MATCHBOOK_REQUIRE names kafka, they
 * fail instead.
 */
export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const required = (process.env['MATCHBOOK_REQUIRE'] ?? '').split(',').includes('kafka')
  const skipped = new Map<string, string>()
  let shared: Promise<BrokerAnswer> | undefined
  const answer = async (url: URL): Promise<KafkaAnswer> => {
    if (url.pathname === '/own') {
      const missing = await whyNoJava()
      return missing === undefined ? { brokers: '' } : { missing }
    }
    shared ??= findBroker()
    const found = await shared
    return 'missing' in found ? found : { brokers: found.brokers }
  }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    try {
      const found = await answer(url)
      const suite = url.searchParams.get('suite') ?? ''
      if ('missing' in found && required) throw new Error(`Kafka is required, but ${found.missing}`)
      if ('missing' in found) skipped.set(suite, found.missing)
      response.end(JSON.stringify(found))
    } catch (error) {
      response.writeHead(500).end(String(error))
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  provide('kafkaUrl', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return async () => {
    server.close()
    const found = await shared?.catch(() => undefined)
    if (found !== undefined && 'leave' in found) await found.leave()
    tell(skipped)
  }
}
