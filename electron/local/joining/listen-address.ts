import type { NetworkInterfaceInfo } from 'node:os'
import type { NetworkChoice } from '../../../shared/cluster'
import { AppError } from '../../../shared/errors'

/** As `os.networkInterfaces()` tells them. */
export type NetworkInterfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>

const everywhere = new Set(['0.0.0.0', '::'])

/** Whether a listener on `host` is out of reach for other machines. */
export function isThisMachineOnly(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host)
}

/** This machine's addresses on networks, without those that only reach one link (fe80::). */
export function networkAddresses(interfaces: NetworkInterfaces): readonly { readonly address: string; readonly interfaceName: string }[] {
  return Object.entries(interfaces).flatMap(([interfaceName, infos]) =>
    (infos ?? [])
      .filter((info) => !info.internal && !info.address.toLowerCase().startsWith('fe80'))
      .map(({ address }) => ({ address, interfaceName })),
  )
}

/** Where a cluster can be shared: each address of its own, and all of them together. */
export function networkChoices(interfaces: NetworkInterfaces): readonly NetworkChoice[] {
  const addresses = networkAddresses(interfaces)
  const single = addresses.map(({ address, interfaceName }) => ({ address, label: interfaceName }))
  if (addresses.length === 0) return []
  return [
    ...single,
    { address: '0.0.0.0', label: addresses.length === 1 ? 'every address of this machine' : `all ${addresses.length} addresses of this machine` },
  ]
}

/** Throws `address.not-here` or `address.this-machine` when sharing there would reach nobody. */
export function checkShareAddress(address: string, interfaces: NetworkInterfaces): void {
  if (isThisMachineOnly(address)) {
    throw new AppError('address.this-machine', `${address} reaches this machine only.`, {
      hint: 'Choose one of its network addresses, or 0.0.0.0 for all.',
    })
  }
  if (isHere(address, interfaces)) return
  const own = networkAddresses(interfaces).map((known) => known.address)
  throw new AppError('address.not-here', `This machine has no address ${address === '' ? '(none was given)' : address}.`, {
    hint: own.length === 0 ? 'Connect it to a network first.' : `Choose ${own.join(', ')}, or 0.0.0.0 for all.`,
  })
}

/** Whether this machine can listen on `host` at all: a laptop may have left the network it was shared on. */
export function isHere(host: string, interfaces: NetworkInterfaces): boolean {
  return everywhere.has(host) || isThisMachineOnly(host) || networkAddresses(interfaces).some(({ address }) => address === host)
}

/** Where this machine's own nodes reach a server that listens on `host`. */
export function localAddressOf(host: string): string {
  return everywhere.has(host) ? '127.0.0.1' : host
}
