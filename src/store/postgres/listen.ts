import pg from 'pg'
import { clientConfig } from '../../postgres/connect.js'
import { translateError } from '../../postgres/translate-error.js'
import { backOff, pause } from '../pause.js'
import type { Wakeup } from '../wakeup.js'

/**
 * Wakes followers whenever something was appended, until the signal aborts; holds one connection of its own. A lost
 * connection is made anew with back-off and wakes too, as notifications may have been missed. Throws bugs only.
 */
export const listen = async (url: string, wakeup: Wakeup, signal: AbortSignal): Promise<void> => {
  let failures = 0
  while (!signal.aborted) {
    const client = new pg.Client(clientConfig(url, 'matchbook follow'))
    const lost = connectionLost(client, signal)
    try {
      await client.connect()
      client.on('notification', () => wakeup.wake())
      await client.query('set idle_session_timeout = 0')
      await client.query('listen store_event')
      failures = 0
      wakeup.wake()
      await lost
    } catch (error) {
      if (translateError(error, url) === undefined) throw error
    } finally {
      await client.end()
    }
    if (!signal.aborted) await pause(backOff(++failures), signal)
  }
}

/** Also takes the client's error events, that would end the process otherwise; the loop above acts on the loss. */
const connectionLost = (client: pg.Client, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done)
      resolve()
    }
    client.on('error', done)
    client.on('end', done)
    signal.addEventListener('abort', done)
  })
