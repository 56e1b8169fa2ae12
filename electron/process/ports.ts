import { createServer } from 'node:net'
import { AppError } from '../../shared/errors'
import type { PortOwner } from './port-owner'

const LAST_PORT = 65_535
/** On some systems a wildcard address can be bound beside a loopback one, and the older listener keeps getting the local connections. */
const loopbackOf: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1', '': '127.0.0.1' }

/**
 * Whether a server could listen on `host:port` now. Throws AppError `port.forbidden` (a low port without the right to it) or
 * `address.not-here` (an address that this machine does not have).
 */
export async function isPortFree(host: string, port: number): Promise<boolean> {
  return (await listenOnce(host, port)) !== undefined
}

/**
 * The first free port of `from`, `from + 1`, … (`tries` of them), any free one for `from` 0; undefined when all are taken.
 * Throws as `isPortFree`.
 */
export async function findFreePort(host: string, from: number, tries: number): Promise<number | undefined> {
  for (let port = from; port < from + tries && port <= LAST_PORT; port += 1) {
    const free = await listenOnce(host, port)
    if (free !== undefined) return free
  }
  return undefined
}

/** What to say when a port that was asked for by the configuration key `key` is taken. Names its owner and a free one. */
export function portTaken(key: string, port: number, owner: PortOwner | undefined, free: number | undefined): AppError {
  const instead = free === undefined ? `set ${key} to a free port` : `set ${key} to a free port, such as ${free}`
  return new AppError('port.taken', `Port ${port} (${key}) is taken by ${describeOwner(owner)}.`, {
    hint: `Stop that program, or ${instead}.`,
    details: {
      key,
      port: String(port),
      ...(owner === undefined ? {} : { owner: owner.name, ownerPid: String(owner.pid) }),
      ...(free === undefined ? {} : { free: String(free) }),
    },
  })
}

/** `nginx (pid 71)`, also for the note that a default port has moved. */
export function describeOwner(owner: PortOwner | undefined): string {
  return owner === undefined ? 'a program that this user may not see' : `${owner.name} (pid ${owner.pid})`
}

/** The port that could be listened on (the system's choice for 0); undefined when it is taken. */
async function listenOnce(host: string, port: number): Promise<number | undefined> {
  const free = await tryListening(host, port)
  const loopback = loopbackOf[host]
  if (free === undefined || loopback === undefined) return free
  return tryListening(loopback, free).catch(() => free) // A machine without IPv6 has no ::1 to collide on.
}

function tryListening(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(meaningOf(error, host, port))
    })
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      const chosen = typeof address === 'object' && address !== null ? address.port : port
      server.close(() => resolve(chosen))
    })
  })
}

function meaningOf(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new AppError('port.forbidden', `This user may not listen on port ${port}.`, { hint: 'Choose a port from 1024 up.', cause: error })
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN' || error.code === 'EINVAL') {
    return new AppError('address.not-here', `This machine has no address ${host}.`, {
      hint: 'Use 127.0.0.1 for this machine alone, 0.0.0.0 for all its networks, or one of its own addresses.',
      cause: error,
    })
  }
  return error
}
