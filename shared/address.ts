import { AppError } from './errors'

type AddressScheme = 'nats' | 'tls' | 'ws' | 'wss'

/** Where a NATS server listens. `host` is lower case and without brackets; an address has a token, or user and password, or neither. */
export interface NatsAddress {
  readonly scheme: AddressScheme
  readonly host: string
  readonly port: number
  readonly token?: string
  readonly user?: string
  readonly password?: string
  /** WebSocket only: the path at a reverse proxy, with its leading slash. */
  readonly path?: string
}

interface AddressDefaults {
  /** `Compute.TLS.RequireTLS`: an entry without a scheme means `tls://`. */
  readonly requireTls?: boolean
}

const defaultPorts: Readonly<Record<AddressScheme, number>> = { nats: 4222, tls: 4222, ws: 80, wss: 443 }
const isScheme = (text: string): text is AddressScheme => Object.hasOwn(defaultPorts, text)
/** Such addresses are dialled by another transport, and never mixed with the others. */
export const isWebSocketScheme = (scheme: AddressScheme): boolean => scheme === 'ws' || scheme === 'wss'

/**
 * The servers named by `Compute.Orchestrators`. An entry may be a list with commas; blanks, empty parts and one trailing slash do not
 * count; the userinfo of a URL is a token, or `user:password`. Text before the last `@` is taken as it is, so a token may contain `/`.
 * Throws `address.invalid`, or `address.mixed` when WebSocket and TCP addresses stand together (a NATS pool cannot hold both).
 */
export function parseAddresses(entries: readonly string[], defaults: AddressDefaults = {}): readonly NatsAddress[] {
  const addresses = entries
    .flatMap((entry) => entry.split(','))
    .map((part) => part.trim().replace(/\/$/, ''))
    .filter((part) => part !== '')
    .map((part) => parseAddress(part, defaults.requireTls === true ? 'tls' : 'nats'))
  const webSocket = addresses.find(({ scheme }) => isWebSocketScheme(scheme))
  const tcp = addresses.find(({ scheme }) => !isWebSocketScheme(scheme))
  if (webSocket !== undefined && tcp !== undefined) {
    throw new AppError(
      'address.mixed',
      `${displayAddress(webSocket)} is a WebSocket address and ${displayAddress(tcp)} is not; one list cannot hold both.`,
      {
        hint: 'Name either ws:// and wss:// addresses only, or nats:// and tls:// addresses only.',
      },
    )
  }
  return addresses
}

/** `scheme://host:port`, never with a token, user or password. */
export function displayAddress({ scheme, host, port, path = '' }: NatsAddress): string {
  return `${scheme}://${hostPort({ host, port })}${path}`
}

/** `host:port` as NATS servers write it; IPv6 in brackets. */
export function hostPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

function parseAddress(text: string, defaultScheme: AddressScheme): NatsAddress {
  const mark = text.indexOf('://')
  const scheme = mark === -1 ? defaultScheme : text.slice(0, mark).toLowerCase()
  const rest = mark === -1 ? text : text.slice(mark + 3)
  const at = rest.lastIndexOf('@')
  const shown = at === -1 ? text : `${mark === -1 ? '' : text.slice(0, mark + 3)}…${rest.slice(at)}`
  const invalid = (reason: string): AppError =>
    new AppError('address.invalid', `"${shown}" is not an address of a NATS server: ${reason}.`, {
      hint: 'Write HOST, HOST:PORT, TOKEN@HOST or nats://HOST:PORT (also tls://, ws:// and wss://).',
    })

  if (!isScheme(scheme)) throw invalid(`the scheme ${/^[a-z0-9+.-]{1,20}$/.test(scheme) ? `"${scheme}://" ` : ''}is not one of nats, tls, ws, wss`)
  const { authority, path } = splitPath(rest.slice(at + 1))
  if (path !== '' && !isWebSocketScheme(scheme)) throw invalid('only WebSocket addresses have a path')
  if (/[\s?#]/.test(path)) throw invalid('the path contains a blank, "?" or "#"')
  const { host, port } = splitPort(authority, invalid)
  return {
    scheme,
    host: host.toLowerCase(),
    port: port ?? defaultPorts[scheme],
    ...parseUserInfo(at === -1 ? '' : rest.slice(0, at)),
    ...(path === '' ? {} : { path }),
  }
}

function splitPath(text: string): { readonly authority: string; readonly path: string } {
  const slash = text.indexOf('/')
  return slash === -1 ? { authority: text, path: '' } : { authority: text.slice(0, slash), path: text.slice(slash) }
}

function splitPort(authority: string, invalid: (reason: string) => AppError): { readonly host: string; readonly port: number | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(authority)
  if (bracketed !== null) {
    const host = bracketed[1] ?? ''
    if (!isIPv6(host)) throw invalid('what stands in the brackets is not an IPv6 address')
    return { host, port: parsePort(bracketed[2] ?? '', invalid) }
  }
  if (isIPv6(authority)) return { host: authority, port: undefined }
  const [host = '', port = '', ...more] = authority.split(':')
  if (more.length > 0) throw invalid('it has more than one port (an IPv6 address stands in brackets)')
  if (host === '') throw invalid('the host is missing')
  if (host.length > 253 || !isHostName(host) || host.includes('..')) throw invalid(`"${host}" is not a host name`)
  return { host, port: parsePort(port, invalid) }
}

/** Nearly every host is plain ASCII: the pattern of all letters, slow to make, is only made for the others. */
function isHostName(host: string): boolean {
  return /^\w([\w.-]*[\w.])?$/.test(host) || /^[\p{L}\p{N}_]([\p{L}\p{N}._-]*[\p{L}\p{N}_.])?$/u.test(host)
}

function parsePort(text: string, invalid: (reason: string) => AppError): number | undefined {
  if (text === '') return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65535) throw invalid(`"${text}" is not a port from 1 to 65535`)
  return port
}

function isIPv6(text: string): boolean {
  const [address = '', zone] = text.split('%')
  if (zone !== undefined && !/^[\w.~-]+$/.test(zone)) return false
  const halves = address.split('::')
  if (halves.length > 2 || !address.includes(':')) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1) ?? ''
  const dotted = last.includes('.')
  if (dotted && !/^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/.test(last)) return false
  const hex = dotted ? groups.slice(0, -1) : groups
  const count = hex.length + (dotted ? 2 : 0)
  return hex.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) && (halves.length === 2 ? count <= 7 : count === 8)
}

function parseUserInfo(text: string): Pick<NatsAddress, 'token' | 'user' | 'password'> {
  if (text === '') return {}
  const colon = text.indexOf(':')
  if (colon === -1) return { token: decode(text) }
  return { user: decode(text.slice(0, colon)), password: decode(text.slice(colon + 1)) }
}

/** Percent signs that encode nothing are taken as they are. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return text
    throw error
  }
}
