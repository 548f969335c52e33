import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { Connection, ReadCall } from './connection.js'

/** Messages that have come, at least one, in order; undefined at the end. Waits for the first. Throws what gRPC says. */
const arrivals = (call: ReadCall): (() => Promise<readonly ReadResp[] | undefined>) => {
  let wake = (): void => undefined
  let failure: Error | undefined
  let isEnded = false
  call.on('readable', () => wake())
  call.on('end', () => {
    isEnded = true
    wake()
  })
  call.on('error', (error: Error) => {
    failure = error
    wake()
  })
  return async () => {
    for (;;) {
      const messages: ReadResp[] = []
      for (let one: ReadResp | null; (one = call.read() as ReadResp | null) !== null; ) messages.push(one)
      if (messages.length > 0) return messages
      if (failure !== undefined) throw failure
      if (isEnded) return undefined
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
}

/**
 * A read's or subscription's messages as they come, some at a time. Pulled: the server is held back while the caller
 * works on some. Stopping early, or the signal, ends the call. Throws what gRPC says.
 */
export async function* readMessages(
  { read }: Connection,
  request: ReadReq,
  signal?: AbortSignal,
): AsyncGenerator<readonly ReadResp[], void, undefined> {
  const call = await read(request)
  const next = arrivals(call)
  const cancel = (): void => call.cancel()
  signal?.addEventListener('abort', cancel)
  try {
    for (let messages = await next(); messages !== undefined; messages = await next()) yield messages
  } finally {
    signal?.removeEventListener('abort', cancel)
    call.cancel()
    // one that the server has ended and nobody reads to its end would never count as ended, and be waited for at the close
    call.destroy()
  }
}
