import { hostPort } from '../../../shared/address'
import { localAddressOf } from './listen-address'

/** Where this machine's compute nodes find an orchestrator that listens on `host:port`; TLS is found out by the dialling itself. */
export function joinAddress({ host, port }: { readonly host: string; readonly port: number }): string {
  return `nats://${hostPort({ host: localAddressOf(host), port })}`
}
