import type { Failure } from '../../../shared/errors'
import type { Gate } from '../../access/start-gate'
import type { TokenTable } from '../../access/authorization'
import type { Logger } from '../../log/logger'
import { newCredentials, accounts } from '../../nats/credentials'
import { type NatsServer, startNatsServer, type StartNatsServerOptions } from '../../nats/nats-server'
import { dialableHost } from '../../nats/readiness'
import type { Clock } from '../../process/clock'
import type { OwnTls } from './own-tls'
import { WatchedServer } from './watched-server'

/** What an orchestrator’s bus is started with. */
export interface BusOptions {
  readonly nodeId: string
  /** Path of nats-server; looked for while the gate starts. */
  readonly binary: Promise<string>
  readonly gateWorker: string
  /** Folders of this node alone. */
  readonly runDir: string
  readonly storeDir: string
  readonly host: string
  readonly port: number
  readonly advertise: string
  readonly websocket: { readonly host: string; readonly port: number; readonly advertise: string } | undefined
  readonly tls: OwnTls | undefined
  readonly supportReverseProxy: boolean
  readonly tokens: TokenTable
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
}

/** The NATS server of an orchestrator with its gate: started, watched, started again when it dies. */
export interface Bus {
  /** The server that runs now, or ran last. */
  readonly server: NatsServer
  readonly gate: Gate
  /** Ends a server that stores nothing any more, as soon as there is room for another one; that takes its place, as after a crash. */
  replaceServer(reason: string): void
  /** Resolves when it has died too often to go on. */
  readonly givenUp: Promise<Failure>
  /** The end of the gate, then of the server. Never rejects. */
  stop(): Promise<void>
}

const STOP_GRACE_MS = 1_000

/** @throws AppError from the start of the server (`port.taken`, `disk.full`, …) or of the gate; nothing is left running then */
export async function startBus(options: BusOptions): Promise<Bus> {
  const { binary, runDir, storeDir, host, port, tls, clock, log } = options
  const [{ newIssuer }, { startGate }] = await Promise.all([import('../../access/nkey'), import('../../access/start-gate')])
  const credentials = newCredentials()
  const issuer = newIssuer()
  // The gate knocks before the server opens its port: nobody may find a port without a gate.
  const gate = await startGate({
    workerFile: options.gateWorker,
    runDir,
    server: { host: dialableHost(host), port, ...credentials.orchestrator, ...(tls === undefined ? {} : { certFile: tls.certFile }) },
    issuer,
    account: accounts.nodes,
    tokens: options.tokens,
    log,
  })
  const start = async (): Promise<NatsServer> =>
    startNatsServer(serverOptions(options, await binary, { credentials, issuerPublicKey: issuer.publicKey }))

  let server: NatsServer
  try {
    server = await start()
    await gate.ready
  } catch (error) {
    await gate.stop()
    throw error
  }

  const watched = new WatchedServer(server, { start, storeDir, clock, random: options.random, log })
  return {
    get server() {
      return watched.current
    },
    gate,
    givenUp: watched.givenUp,
    replaceServer: (reason) => watched.replace(reason),
    stop: async () => {
      await Promise.all([gate.stop(), watched.stop()])
    },
  }
}

function serverOptions(
  { nodeId, runDir, storeDir, host, port, advertise, websocket, tls, supportReverseProxy, log }: BusOptions,
  binary: string,
  access: Pick<StartNatsServerOptions, 'credentials' | 'issuerPublicKey'>,
): StartNatsServerOptions {
  const files =
    tls === undefined
      ? {}
      : { tls: { certFile: tls.certFile, keyFile: tls.keyFile, ...(tls.timeoutS === undefined ? {} : { timeoutS: tls.timeoutS }) } }
  return {
    nodeId,
    binary,
    runDir,
    storeDir,
    host,
    port,
    ...(advertise === '' ? {} : { advertise }),
    ...files,
    ...(websocket === undefined ? {} : { websocket: { host: websocket.host, port: websocket.port, ...files } }),
    supportReverseProxy,
    ...access,
    stopGraceMs: STOP_GRACE_MS,
    log,
  }
}
