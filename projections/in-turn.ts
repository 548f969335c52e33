import type { Client } from '../src/postgres/connect.js'

/** What reads rows: a connection, or one that is shared. */
export interface Reader {
  readonly query: <R extends object>(sql: string, values: unknown[]) => Promise<{ readonly rows: R[] }>
}

/**
 * A connection that several loops share: statements, COPY among them, go to the server one at a time, as they come. After
 * one that failed, all that come later fail with its error: the transaction is lost.
 */
export interface SharedClient extends Reader {
  readonly inTurn: <A>(work: (client: Client) => Promise<A>) => Promise<A>
  /** Waits until the connection is idle; never throws. */
  readonly idle: () => Promise<unknown>
}

export const shareClient = (client: Client): SharedClient => {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <A>(work: (client: Client) => Promise<A>): Promise<A> => {
    const turn = last.then(() => work(client))
    turn.catch(() => undefined)
    last = turn
    return turn
  }
  return {
    inTurn,
    query: <R extends object>(sql: string, values: unknown[]) => inTurn(() => client.query<R>(sql, values)),
    idle: () => last.catch(() => undefined),
  }
}
