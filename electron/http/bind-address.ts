import { AppError } from '../../shared/errors'

/** One address of this machine, as `os.networkInterfaces()` tells it. */
export interface InterfaceAddress {
  readonly address: string
  readonly family: 'IPv4' | 'IPv6'
  readonly internal: boolean
}

type Class = 'any' | 'loopback' | 'private' | 'public' | 'linklocal'

const classes = new Map<string, Class>([
  ['any', 'any'],
  ['loopback', 'loopback'],
  ['localhost', 'loopback'],
  ['local', 'loopback'],
  ['private', 'private'],
  ['public', 'public'],
  ['linklocal', 'linklocal'],
])

/**
 * The address that `API.Host` stands for: itself, or for one of Bacalhau's address classes the first fitting address of this machine
 * (IPv4 before IPv6).
 * @throws AppError `api.no-such-address` when the machine has none of that class
 */
export function resolveBindAddress(host: string, addresses: readonly InterfaceAddress[]): string {
  const plain = host.trim().replace(/^\[(.*)\]$/, '$1')
  const wanted = classes.get(plain.toLowerCase())
  if (plain.toLowerCase() === 'multicast') throw noSuchAddress(host)
  if (wanted === undefined) return plain
  if (wanted === 'any') return '0.0.0.0'
  if (wanted === 'loopback') return '127.0.0.1'
  const fitting = addresses.filter((address) => !address.internal && classOf(address) === wanted)
  const found = fitting.find((address) => address.family === 'IPv4') ?? fitting[0]
  if (found === undefined) throw noSuchAddress(host)
  return found.address
}

function noSuchAddress(host: string): AppError {
  return new AppError('api.no-such-address', `API.Host is ${JSON.stringify(host)}, but this machine has no address of that kind.`, {
    hint: 'Set API.Host to an address of this machine, or to 0.0.0.0 for all of them.',
  })
}

function classOf({ address, family }: InterfaceAddress): Class {
  if (family === 'IPv4') {
    if (/^169\.254\./.test(address)) return 'linklocal'
    return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address) ? 'private' : 'public'
  }
  if (/^fe[89ab]/i.test(address)) return 'linklocal'
  return /^f[cd]/i.test(address) ? 'private' : 'public'
}
