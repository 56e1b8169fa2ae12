import type { NatsAddress } from '../../../shared/address'
import type { Config } from '../../../shared/config/schema'
import type { Destination } from '../../compute/connection/orchestrator-addresses'
import type { NatsServer } from '../../nats/nats-server'
import type { HostFacts } from '../../orchestrator/ports'
import type { OwnTls } from './own-tls'

/** What the gate measures connections by, for the value of `Orchestrator.Auth.Token`. */
export function tokensOf(token: string): readonly string[] | 'open' {
  return token === '' ? 'open' : [token]
}

/** `Orchestrator.Host` as sockets take it; people also write IPv6 addresses in brackets. */
export function listeningHost({ Orchestrator }: Config): string {
  return Orchestrator.Host.replace(/^\[(.*)\]$/, '$1')
}

/** What is told of the bus in the feed. */
export function natsFacts(config: Config, server: Pick<NatsServer, 'port' | 'websocketPort'>, tls: OwnTls | undefined): HostFacts['nats'] {
  const { Advertise, Auth, WebSocket } = config.Orchestrator
  const Host = listeningHost(config)
  const at = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`
  return {
    address: at(Host, server.port),
    ...(server.websocketPort === undefined ? {} : { websocketAddress: WebSocket.Advertise || at(WebSocket.Host || Host, server.websocketPort) }),
    ...(Advertise === '' ? {} : { advertised: Advertise }),
    tls: tls !== undefined,
    tokenRequired: Auth.Token !== '',
  }
}

/** The way of the same process' compute role: over the loopback address, with the token as it is now. */
export function ownDestination({ host, port }: Pick<NatsServer, 'host' | 'port'>, { Orchestrator }: Config, tls: OwnTls | undefined): Destination {
  const address: NatsAddress = { scheme: tls === undefined ? 'nats' : 'tls', host, port }
  return {
    addresses: [address],
    token: Orchestrator.Auth.Token,
    caFile: Orchestrator.TLS.CACert || (tls?.ca === undefined ? '' : tls.certFile),
    requireTls: false,
    ...(tls?.serverName === undefined ? {} : { serverName: tls.serverName }),
  }
}
