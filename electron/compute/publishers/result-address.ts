import { isIP } from 'node:net'
import type { InterfaceAddress } from '../../http/bind-address'

/** Where results can be fetched from, and where their server listens. */
export interface ResultAddress {
  readonly advertised: string
  readonly bind: string
}

const LOOPBACK = /^(127\.|::1$|localhost$)/

/**
 * Addresses to try, best first. An address that was asked for is the only one. The default is loopback, which nobody else can reach: then the address by
 * which the node reaches its orchestrator is taken when that is another machine, and loopback when it is this one.
 */
export function resultAddresses(options: {
  readonly configured: string
  readonly asked: boolean
  /** `Compute.Network.AdvertisedAddress`. */
  readonly advertised: string
  /** The local address of the connection to the orchestrator, when known. */
  readonly towardsOrchestrator: string | undefined
  readonly own: readonly InterfaceAddress[]
}): readonly ResultAddress[] {
  const { configured, asked, advertised, towardsOrchestrator, own } = options
  if (asked && configured !== '') return [{ advertised: configured, bind: bindFor(configured) }]
  const found: string[] = []
  if (advertised !== '') found.push(advertised)
  if (towardsOrchestrator !== undefined) found.push(towardsOrchestrator)
  else if (advertised === '') found.push(configured === '' ? '127.0.0.1' : configured)
  const outside = own.filter(({ internal }) => !internal).sort((a, b) => a.family.localeCompare(b.family))
  const all = [...found, ...outside.map(({ address }) => address), '127.0.0.1']
  return [...new Set(all)].map((address) => ({ advertised: address, bind: bindFor(address) }))
}

/** Loopback is bound alone; for anything else (a public name behind a router, too) all addresses are. */
function bindFor(address: string): string {
  return LOOPBACK.test(address) ? (address === '::1' ? '::1' : '127.0.0.1') : '0.0.0.0'
}

/** An address as part of a URL. */
export function urlHost(address: string): string {
  return isIP(address) === 6 ? `[${address}]` : address
}
