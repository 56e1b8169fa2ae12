import { hostPort, isWebSocketScheme, parseAddresses, type NatsAddress } from '../../../shared/address'
import { AppError } from '../../../shared/errors'

/** The servers of one link: those configured, and those the connected server told of. */
export interface ServerPool {
  readonly configured: readonly NatsAddress[]
  readonly discovered: readonly NatsAddress[]
}

/**
 * The pool after INFO from `current` named `connectUrls`. A discovered server inherits scheme and userinfo of the one that named it
 * (as nats.go does); entries that are not addresses are left out.
 */
export function withDiscovered(pool: ServerPool, current: NatsAddress, connectUrls: readonly string[]): ServerPool {
  const known = new Set(pool.configured.map(hostPort))
  const discovered = connectUrls.flatMap((url): NatsAddress[] => {
    const found = addressOf(url, current)
    if (found === undefined || known.has(hostPort(found))) return []
    known.add(hostPort(found))
    return [found]
  })
  return { configured: pool.configured, discovered }
}

function addressOf(url: string, { scheme, token, user, password, path }: NatsAddress): NatsAddress | undefined {
  try {
    const [parsed] = parseAddresses([`${scheme}://${url}`])
    if (parsed === undefined) return undefined
    return {
      ...parsed,
      ...(token === undefined ? {} : { token }),
      ...(user === undefined ? {} : { user, password: password ?? '' }),
      ...(path === undefined || !isWebSocketScheme(scheme) ? {} : { path }),
    }
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

/** The order in which to try servers after `lost` went: the others in turn, then itself. Undefined = from the first. */
export function reconnectOrder({ configured, discovered }: ServerPool, lost: NatsAddress | undefined): readonly NatsAddress[] {
  const all = [...configured, ...discovered]
  const at = lost === undefined ? -1 : all.findIndex((address) => hostPort(address) === hostPort(lost))
  return [...all.slice(at + 1), ...all.slice(0, at + 1)]
}

/**
 * Names that may stand in the certificate of `address`: its host, and for a bare IP that was discovered also the host names of the
 * configured servers, since clusters tell IPs and certificates hold names.
 */
export function certificateNames({ configured }: ServerPool, address: NatsAddress): readonly string[] {
  const isDiscovered = !configured.some((known) => hostPort(known) === hostPort(address))
  if (!isDiscovered || !isIp(address.host)) return [address.host]
  return [address.host, ...configured.map(({ host }) => host).filter((host) => !isIp(host))]
}

const isIp = (host: string): boolean => host.includes(':') || /^\d+(\.\d+){3}$/.test(host)
