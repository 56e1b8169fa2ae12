import { hostname, networkInterfaces } from 'node:os'
import type { InterfaceAddress } from '../bind-address'

/** Addresses that this machine has now. */
export function ownAddresses(): InterfaceAddress[] {
  return Object.values(networkInterfaces()).flatMap((list) => list ?? [])
}

/** How others may call this machine: its addresses, its host name with and without domain, its name in the local network, and `extra`. Cached for a second. */
export function ownNamesReader(extra: readonly string[], now: () => number = () => performance.now()): () => readonly string[] {
  let names: readonly string[] = []
  let readAt = Number.NEGATIVE_INFINITY
  return () => {
    if (now() - readAt > 1000) {
      readAt = now()
      const host = hostname()
      const short = host.split('.')[0] ?? host
      names = [...ownAddresses().map(({ address }) => address), host, short, `${short}.local`, ...extra]
    }
    return names
  }
}
