import { AppError } from '../../../shared/errors'
import type { Connection } from '../connection/connection'

/** Something to be sent as soon as there is a connection. */
export interface Unsent {
  readonly bytes: number
  /** False when nobody waits for it any more. */
  readonly isWanted: () => boolean
  readonly send: (connection: Connection) => void
}

/** As nats.go keeps at most. */
const limitBytes = 8 * 1024 * 1024

/** What is published while there is no connection, in order. */
export function createUnsentMessages() {
  let items: Unsent[] = []
  let bytes = 0
  const clear = (): void => {
    items = []
    bytes = 0
  }
  return {
    /** Throws `nats.disconnected` when there is no room. */
    add(item: Unsent): void {
      if (bytes + item.bytes > limitBytes) {
        throw new AppError('nats.disconnected', 'There is no connection to a NATS server, and no room to keep more messages for it.', {
          hint: 'Send it again once the connection is back.',
        })
      }
      items.push(item)
      bytes += item.bytes
    },
    sendAll(send: (item: Unsent) => void): void {
      const waiting = items
      clear()
      for (const item of waiting) if (item.isWanted()) send(item)
    },
    clear,
  }
}
