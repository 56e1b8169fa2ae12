import { createSocket } from 'node:dgram'

/** The address of this machine by which it reaches another one; undefined when there is no way. Nothing is sent. */
export function ownAddressTowards(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    const end = (address: string | undefined): void => {
      socket.close()
      resolve(address)
    }
    // Not by a callback of `connect`: that is called for a failure as well.
    socket.once('error', () => end(undefined))
    socket.once('connect', () => end(socket.address().address))
    socket.connect(port, host)
  })
}

/** Host and port of `scheme://host:port`, as a link tells where it stands. */
export function hostAndPort(address: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^\w+:\/\/(\[[^\]]+\]|[^:/]+):(\d+)/.exec(address)
  if (match === null) return undefined
  return { host: (match[1] ?? '').replace(/^\[(.*)\]$/, '$1'), port: Number(match[2]) }
}
