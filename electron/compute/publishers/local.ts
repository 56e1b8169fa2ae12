import { randomUUID } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { AppError, messageOf } from '../../../shared/errors'
import type { Logger } from '../../log/logger'
import { RESULT_PORT_TRIES, whyTaken } from './result-port'
import { urlHost, type ResultAddress } from './result-address'
import type { Publisher } from './publisher'
import { packResults } from './result-archive'
import { PING_PATH, serveResults, type ResultServer } from './result-server'

interface LocalPublisherOptions {
  /** `<DataDir>/compute`; archives lie in `results/local-publisher` under it and are never deleted here. */
  readonly folder: string
  /** Best first; the first that answers when tried is told to others (result-address.ts). */
  readonly addresses: () => readonly ResultAddress[]
  /** `Publishers.Types.Local.Port`. */
  readonly port: number
  /** Whether the port was asked for; a default one gives way to the next free one. */
  readonly portAsked: boolean
  readonly log: Logger
}

/** Keeps results on this node. */
export interface LocalPublisher extends Publisher {
  readonly type: 'local'
  /** Serves what earlier runs have left; otherwise the server starts with the first result. Rejects with AppError. */
  serve(): Promise<void>
}

interface Serving {
  readonly server: ResultServer
  readonly host: string
}

const PING_MS = 2000

/** Results as archives on this node, handed out by its own HTTP server. */
export function createLocalPublisher({ folder, addresses, port, portAsked, log }: LocalPublisherOptions): LocalPublisher {
  const archives = join(folder, 'results', 'local-publisher')
  let serving: Promise<Serving> | undefined
  let probing: Promise<AppError | undefined> | undefined
  // A port is looked at by listening on it: two looks at once, or a look while the server starts, would take each other for another program.
  const probe = (): Promise<AppError | undefined> => {
    probing ??= whyTaken(port).finally(() => (probing = undefined))
    return probing
  }
  const serve = (): Promise<Serving> => {
    serving ??= start().catch((error: unknown) => {
      serving = undefined // The port may be free at the next try.
      throw error
    })
    return serving
  }
  const start = async (): Promise<Serving> => {
    await fs.mkdir(archives, { recursive: true, mode: 0o700 })
    await probing?.catch(() => undefined) // Whoever looks is told.
    const identity = randomUUID()
    let last: unknown
    for (const { advertised, bind } of addresses()) {
      const server = await listen({ folder: archives, host: bind, port, portAsked, identity, log })
      const fault = await whyUnreachable(advertised, server.port, identity)
      if (fault === undefined) return { server, host: advertised }
      last = fault
      log.warn('results cannot be handed out at an address', { address: advertised, port: server.port, reason: fault })
      await server.close()
    }
    throw new AppError('publisher.unreachable', `No address of this node hands out its results: ${String(last)}.`, {
      hint: 'Set Publishers.Types.Local.Address to an address of this node that others can reach.',
    })
  }
  return {
    type: 'local',
    available: async () => {
      const fault = serving === undefined && portAsked ? await probe() : undefined
      return fault === undefined ? { ok: true } : { ok: false, reason: fault.message }
    },
    serve: async () => {
      await serve()
    },
    publish: async (work) => {
      const { server, host } = await serve()
      const name = `${work.executionId.replaceAll(/[^\w-]/g, '_')}.tar.gz`
      await packResults(work, join(archives, name), join(archives, `.packing-${work.executionId}`))
      return { Type: 'urlDownload', Params: { URL: `http://${urlHost(host)}:${server.port}/${name}` } }
    },
    close: async () => {
      const current = await serving?.catch(() => undefined) // One that could not start has told whoever wanted to publish.
      serving = undefined
      await current?.server.close()
    },
  }
}

interface ListenOptions {
  readonly folder: string
  readonly host: string
  readonly port: number
  readonly portAsked: boolean
  readonly identity: string
  readonly log: Logger
}

async function listen({ portAsked, port, log, ...rest }: ListenOptions): Promise<ResultServer> {
  for (let tried = port; ; tried += 1) {
    try {
      const server = await serveResults({ ...rest, port: tried })
      if (tried !== port) log.info(`port ${port} is taken; results are handed out on port ${server.port}`, { port: server.port })
      return server
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'publisher.port-taken') throw error
      if (!portAsked && tried + 1 < port + RESULT_PORT_TRIES) continue
      throw (await whyTaken(port)) ?? error
    }
  }
}

/** Fetches from our own server by the address that others are told; undefined when that works. */
async function whyUnreachable(host: string, port: number, identity: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`http://${urlHost(host)}:${port}${PING_PATH}`, { signal: AbortSignal.timeout(PING_MS) })
    return (await answer.text()) === identity ? undefined : `another server answers at ${urlHost(host)}:${port}`
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return `${urlHost(host)}:${port} does not answer (${messageOf(cause)})`
  }
}
