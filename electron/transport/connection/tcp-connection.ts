import { headers } from '@nats-io/transport-node'
import type { Connect } from './connection'
import { adoptClient } from './library-connection'
import { openTcpClient } from './tcp-client'

/** `nats://` and `tls://`, by @nats-io/transport-node. */
export const connectTcp: Connect = async (attempt, notify) => {
  const { client, tls } = await openTcpClient(attempt)
  return adoptClient(client, headers, tls, notify)
}
