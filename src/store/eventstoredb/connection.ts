import { EventStoreDBClient } from '@eventstore/db-client'
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js'
import grpcStreams from '@eventstore/db-client/generated/streams_grpc_pb.js'
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js'
import { readConnectionUrl } from './connection-url.js'

export type ReadCall = ReturnType<StreamsClient['read']>
export type BatchAppendCall = ReturnType<StreamsClient['batchAppend']>

/**
 * Calls of EventStoreDB's protocol over the client's own connection: its channel, TLS, credentials, choice of a node and
 * reconnecting. The client's methods on top are left out, since in 6.2.1 `readAll` takes no filter, a subscription stalls
 * for ever when its handler throws, and appends that wait for one another in `appendToStream` end the process with an
 * unhandled rejection when the connection breaks; one that the server never answers stays open.
 */
export interface Connection {
  /** `host:port` of the servers, for messages */
  readonly place: string
  /** milliseconds that a server may take for an append */
  readonly deadline: number
  readonly read: (request: ReadReq) => Promise<ReadCall>
  readonly batchAppend: () => Promise<BatchAppendCall>
  /** Ends every call. */
  readonly close: () => Promise<void>
}

/** What the client keeps for its own methods. */
interface Innards {
  readonly GRPCStreamCreator: <C>(
    of: typeof StreamsClient,
    name: string,
    create: (client: StreamsClient) => C,
  ) => () => Promise<C>
  readonly callArguments: (options: object, callOptions: object) => [never, never]
}

export const openConnection = (url: string): Connection => {
  const { hosts, deadline } = readConnectionUrl(url)
  const client = EventStoreDBClient.connectionString(url)
  const { GRPCStreamCreator: call, callArguments } = client as unknown as Innards
  // reads and subscriptions last as long as they are read
  const args = () => callArguments({}, { deadline: Number.POSITIVE_INFINITY })
  const { StreamsClient: streams } = grpcStreams
  return {
    place: hosts.join(','),
    deadline,
    read: (request) => call(streams, 'read', (made) => made.read(request, ...args()))(),
    batchAppend: () => call(streams, 'batchAppend', (made) => made.batchAppend(...args()))(),
    close: () => client.dispose(),
  }
}
