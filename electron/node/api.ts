import type { Config } from '../../shared/config/schema'
import { AppError } from '../../shared/errors'
import type { BuildVersion } from '../../shared/models/node'
import { resolveBindAddress } from '../http/bind-address'
import { ownAddresses } from '../http/limits/own-names'
import type { RouteHandlers, ServedBy } from '../http/route-handlers'
import { type ApiServer, serveApi } from '../http/serve-api'
import type { Logger } from '../log/logger'
import { portOwner } from '../process/port-owner'
import { describeOwner, findFreePort, portTaken } from '../process/ports'

interface HostApiOptions<Role extends ServedBy> {
  readonly config: Config['API']
  readonly asked: (key: string) => boolean
  readonly servedBy: Role
  readonly handlers: RouteHandlers<Role>
  readonly version: BuildVersion
  readonly log: Logger
}

/** The HTTP API of a host, listening. */
export interface HostApi {
  readonly server: ApiServer
  /** Said to the person when the default port has moved. */
  readonly notice?: string
}

const TRIES = 200
const LAST_PORT = 65_535

/**
 * Serves a node's HTTP API. A port that was asked for is that one or an error; a default one that is taken gives way to the next
 * free one: several nodes on one machine need no configuration.
 */
export async function serveHostApi<Role extends ServedBy>({ config, asked, ...rest }: HostApiOptions<Role>): Promise<HostApi> {
  const { Host, Port } = config
  const first = (port: number) => serveApi({ ...rest, host: Host, port })
  if (asked('API.Port') || Port === 0) return { server: await first(Port).catch((error: unknown) => explainTaken(error, Host, Port)) }
  let taken: unknown
  for (let port = Port; port < Math.min(Port + TRIES, LAST_PORT); port += 1) {
    try {
      const server = await first(port)
      if (port === Port) return { server }
      return { server, notice: `Port ${Port} is taken by ${describeOwner(await portOwner(Port))}; the HTTP API listens on ${port}.` }
    } catch (error) {
      if (!isTaken(error)) throw error
      taken = error
    }
  }
  throw taken
}

/** The port was asked for: who has it, and which one would do. */
async function explainTaken(error: unknown, host: string, port: number): Promise<never> {
  if (!isTaken(error)) throw error
  const [owner, free] = await Promise.all([portOwner(port), findFreePort(resolveBindAddress(host, ownAddresses()), port + 1, TRIES)])
  throw portTaken('API.Port', port, owner, free)
}

function isTaken(error: unknown): boolean {
  return error instanceof AppError && error.code === 'api.port-taken'
}
