import serverfeaturesGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import serverfeatures from '@eventstore/db-client/generated/serverfeatures_pb.js'
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js'
import {
  type Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js'
import type { Certificate } from './certificate.js'
import { type EventLog, eventLog } from './event-log.js'
import { faults as makeFaults } from './faults.js'
import { serveAppend, serveBatchAppend, usualAppendSize } from './serve-append.js'
import { type ReadCall, serveRead } from './serve-read.js'

/**
 * A double of EventStoreDB: its gRPC protocol as far as this project speaks it, with the log in memory. It judges appends,
 * positions, filters and checkpoints as the server's published source does, and fails on command. It is no EventStoreDB:
 * it forgets, doesn't replicate, and knows nothing of scavenging.
 */
export interface EventStoreDouble {
  readonly url: string
  readonly log: EventLog
  /** Ends every connection and listens no more; what was written stays. */
  readonly stop: () => Promise<void>
  /** Listens again on the same port. */
  readonly start: () => Promise<void>
  /** Ends every connection and listens on. */
  readonly breakConnections: () => Promise<void>
  /** The next append is written, and its connection breaks before the answer. */
  readonly dropNextAnswer: () => void
  /** From now on calls are taken and not answered, until `resume`. */
  readonly stall: () => void
  readonly resume: () => void
  /** records that subscriptions have looked through, whether they sent them or not */
  readonly lookedThrough: () => number
  /** subscriptions that clients hold open */
  readonly subscriptions: () => number
}

const methods = ['append', 'batchappend', 'read', 'delete', 'tombstone']

const supportedMethods = () => {
  const supported = new serverfeatures.SupportedMethods()
  supported.setEventStoreServerVersion('23.10.0')
  supported.setMethodsList(
    methods.map((name) => {
      const method = new serverfeatures.SupportedMethod()
      method.setServiceName('event_store.client.streams.streams')
      method.setMethodName(name)
      return method
    }),
  )
  return supported
}

/** Over TLS, to one user alone. */
export interface Secure {
  readonly user: string
  readonly password: string
  readonly certificate: Certificate
}

const credentialsOf = (secure: Secure | undefined): ServerCredentials =>
  secure === undefined
    ? ServerCredentials.createInsecure()
    : ServerCredentials.createSsl(null, [{ cert_chain: secure.certificate.cert, private_key: secure.certificate.key }])

const isAllowed = (call: { readonly metadata: Metadata }, secure: Secure | undefined): boolean => {
  if (secure === undefined) return true
  const expected = Buffer.from(`${secure.user}:${secure.password}`).toString('base64')
  return call.metadata.get('authorization')[0] === `Basic ${expected}`
}

const denied = { code: status.UNAUTHENTICATED, details: 'not authenticated' }

const bind = (server: Server, port: number, credentials: ServerCredentials): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, credentials, (error, bound) => (error ? reject(error) : resolve(bound)))
  })

export const startEventStoreDouble = async (
  options: { readonly maxAppendSize?: number; readonly secure?: Secure } = {},
): Promise<EventStoreDouble> => {
  const { maxAppendSize = usualAppendSize, secure } = options
  const log = eventLog()
  let server: Server | undefined
  let port = 0
  let subscriptions = 0
  const looked = { records: 0 }
  const faults = makeFaults(() => void breakConnections())

  const read = (call: ReadCall): void => {
    if (!isAllowed(call, secure)) {
      call.emit('error', denied)
      return
    }
    const isSubscription = call.request.getOptions()?.hasSubscription() === true
    if (isSubscription) subscriptions++
    void serveRead(log, faults, looked, call).finally(() => {
      if (isSubscription) subscriptions--
    })
  }
  const takeBatches = serveBatchAppend(log, faults, maxAppendSize)
  const batchAppend = (call: Parameters<typeof takeBatches>[0]): void => {
    if (isAllowed(call, secure)) takeBatches(call)
    else call.emit('error', denied)
  }
  const start = async (): Promise<void> => {
    const made = new Server({ 'grpc.max_receive_message_length': 4 * 1024 * 1024 })
    made.addService(streamsGrpc.StreamsService as unknown as ServiceDefinition, {
      read,
      append: serveAppend(log, faults, maxAppendSize),
      batchAppend,
    })
    made.addService(serverfeaturesGrpc.ServerFeaturesService as unknown as ServiceDefinition, {
      getSupportedMethods: (_: unknown, callback: sendUnaryData<unknown>) => callback(null, supportedMethods()),
    })
    port = await bind(made, port, credentialsOf(secure))
    server = made
  }
  const stop = async (): Promise<void> => {
    server?.forceShutdown()
    server = undefined
  }
  const breakConnections = async (): Promise<void> => {
    await stop()
    await start()
  }
  await start()
  return {
    url: secure === undefined ? `esdb://127.0.0.1:${port}?tls=false` : `esdb://localhost:${port}?tls=true`,
    log,
    stop,
    start,
    breakConnections,
    dropNextAnswer: faults.dropNextAnswer,
    stall: faults.stall,
    resume: faults.resume,
    lookedThrough: () => looked.records,
    subscriptions: () => subscriptions,
  }
}
