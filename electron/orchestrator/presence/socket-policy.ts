import type { Presence } from './presence'
import type { LiveSocket } from './socket-table'

/** What a node's connections say about it. */
interface SocketVerdict {
  /** It was cut off, and a connection of its own listens again. */
  readonly rejoins: boolean
  /** It was taken for connected, and none of its connections listens. */
  readonly isCutOff: boolean
  /** Connections that listen under its one name, where there are several: a cloned machine, or somebody else's node. */
  readonly rivals: readonly LiveSocket[]
  /** Every connection has said what it is for. */
  readonly isCertain: boolean
}

/**
 * Judges a node by its connections.
 * @param doubtful one of them has ended and left others, so that the node's own may be the one that is gone
 */
export function judgeSockets(presence: Presence['kind'], sockets: readonly LiveSocket[], doubtful: boolean): SocketVerdict {
  const listening = sockets.filter(({ takesMessages }) => takesMessages === true)
  const isCertain = sockets.every(({ takesMessages }) => takesMessages !== undefined)
  return {
    rejoins: presence === 'cut-off' && listening.length > 0,
    isCutOff: presence === 'connected' && doubtful && isCertain && sockets.length > 0 && listening.length === 0,
    rivals: listening.length > 1 ? listening : [],
    isCertain,
  }
}
