import { connect, headers } from 'nats.ws'
import { WebSocket } from 'ws'
import { displayAddress } from '../../../shared/address'
import type { Attempt, Connect } from './connection'
import { adoptClient } from './library-connection'
import { loginFields } from './login'

/** `ws://` and `wss://`, by nats.ws over the sockets of `ws` (they take a CA of ours, which Node's own cannot). */
export const connectWebSocket: Connect = async (attempt, notify) => {
  const opened: WebSocket[] = []
  let socketError: Error | undefined
  const encrypted = attempt.address.scheme === 'wss'
  const options = {
    servers: [displayAddress(attempt.address)],
    name: attempt.name,
    authenticator: () => loginFields(attempt.login),
    timeout: attempt.timeoutMs,
    pingInterval: attempt.pingIntervalMs,
    reconnect: false,
    noRandomize: true,
    noAsyncTraces: true,
    wsFactory: (url: string) => {
      const socket = openSocket(url, attempt)
      opened.push(socket)
      // The library passes on the text of an error alone; the code tells more.
      socket.on('error', (error) => (socketError ??= error))
      return Promise.resolve({ socket, encrypted })
    },
  }
  try {
    return adoptClient(await connect(options), headers, encrypted, notify)
  } catch (error) {
    // The library leaves a socket alone that did not get as far as a connection.
    for (const socket of opened) socket.terminate()
    throw socketError ?? error
  }
}

function openSocket(url: string, { tls, timeoutMs }: Attempt): WebSocket {
  const [, nameInstead] = tls.names
  return new WebSocket(url, {
    perMessageDeflate: false,
    followRedirects: false,
    handshakeTimeout: timeoutMs,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(nameInstead === undefined ? {} : { servername: nameInstead }),
  })
}
