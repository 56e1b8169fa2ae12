import type { Server } from 'node:http'
import { AppError } from '../../shared/errors'

/**
 * Binds a server; resolves with the address and port that it really has.
 * @throws AppError `api.port-taken`, `api.port-forbidden`, `api.address-not-here`; details `host`, `port`
 */
export async function listen(server: Server, host: string, port: number): Promise<{ readonly address: string; readonly port: number }> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => reject(explain(error, host, port))
    server.once('error', onError)
    server.listen({ host, port }, () => {
      server.off('error', onError)
      resolve()
    })
  })
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error(`The HTTP server is bound to ${String(bound)}`)
  return { address: bound.address, port: bound.port }
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const options = { cause: error, details: { host, port: String(port) } }
  switch (error.code) {
    case 'EADDRINUSE':
      return new AppError('api.port-taken', `Another program already listens on ${host}:${String(port)}, the address of the HTTP API.`, {
        ...options,
        hint: 'Stop that program, or set API.Port to a free port (0 takes any).',
      })
    case 'EACCES':
      return new AppError('api.port-forbidden', `This user may not listen on ${host}:${String(port)}, the address of the HTTP API.`, {
        ...options,
        hint: 'Set API.Port to a port above 1023.',
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new AppError('api.address-not-here', `API.Host is ${host}, which is no address of this machine.`, {
        ...options,
        hint: 'Set API.Host to 127.0.0.1, to an address of this machine, or to 0.0.0.0 for all of them.',
      })
    default:
      return error
  }
}
