import { type Failure, toFailure } from '../../../shared/errors'
import type { Gate } from '../../access/start-gate'
import type { TokenTable } from '../../access/authorization'
import type { Logger } from '../../log/logger'
import { newCredentials, accounts } from '../../nats/credentials'
import { type NatsServer, type ServerExit, startNatsServer } from '../../nats/nats-server'
import { dialableHost } from '../../nats/readiness'
import { hasRoom } from '../../nats/server-files'
import type { Clock } from '../../process/clock'
import { decideRestart, patientRestarts } from '../../process/restart-policy'
import type { OwnTls } from './own-tls'

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
/** Between two looks whether a full disk has room again. */
const ROOM_CHECK_MS = 1_000

/** @throws AppError from the start of the server (`port.taken`, `disk.full`, …) or of the gate; nothing is left running then */
export async function startBus(options: BusOptions): Promise<Bus> {
  const { nodeId, binary, runDir, storeDir, host, port, websocket, tls, clock, log } = options
  const [{ newIssuer }, { startGate }] = await Promise.all([import('../../access/nkey'), import('../../access/start-gate')])
  const credentials = newCredentials()
  const issuer = newIssuer()
  const files =
    tls === undefined
      ? {}
      : { tls: { certFile: tls.certFile, keyFile: tls.keyFile, ...(tls.timeoutS === undefined ? {} : { timeoutS: tls.timeoutS }) } }
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
    startNatsServer({
      nodeId,
      binary: await binary,
      runDir,
      storeDir,
      host,
      port,
      ...(options.advertise === '' ? {} : { advertise: options.advertise }),
      ...files,
      ...(websocket === undefined ? {} : { websocket: { host: websocket.host, port: websocket.port, ...files } }),
      supportReverseProxy: options.supportReverseProxy,
      issuerPublicKey: issuer.publicKey,
      credentials,
      stopGraceMs: STOP_GRACE_MS,
      log,
    })

  let server: NatsServer
  try {
    server = await start()
    await gate.ready
  } catch (error) {
    await gate.stop()
    throw error
  }

  const stopping = new AbortController()
  let giveUp: (failure: Failure) => void = () => undefined
  const givenUp = new Promise<Failure>((resolve) => {
    giveUp = resolve
  })

  const isOver = (): boolean => stopping.signal.aborted
  /** Resolves when the disk has room, or all is over. A full disk is no fault of the server: it is waited for as long as it takes. */
  const room = async (): Promise<void> => {
    for (let told = false; !isOver(); told = true) {
      // A folder that cannot be looked at is told by the start of the server.
      if (await hasRoom(storeDir).catch(() => true)) {
        if (told) log.info('The disk of the data directory has room again.')
        return
      }
      if (!told) log.error('The disk of the data directory is full. Make room on it: nothing that was acknowledged is lost.', { folder: storeDir })
      await clock.sleep(ROOM_CHECK_MS, stopping.signal)
    }
  }
  let attempts = 0
  /** Another server in place of one that died; undefined when it is stopped or given up meanwhile. */
  const replace = async (death: Failure, readyMs: number): Promise<NatsServer | undefined> => {
    const decision = decideRestart(patientRestarts, { attempts, readyMs }, options.random())
    attempts = decision.attempts
    if (decision.kind === 'give-up') {
      giveUp(death)
      return undefined
    }
    log.warn(`${death.message} It is started again.`, { code: death.code, delayMs: decision.delayMs })
    await clock.sleep(decision.delayMs, stopping.signal)
    await room()
    if (isOver()) return undefined
    try {
      const next = await start()
      if (!isOver()) return next
      await next.stop()
      return undefined
    } catch (error) {
      const failure = toFailure(error)
      // It became full in this moment.
      if (failure.code === 'disk.full') attempts -= 1
      return replace(failure, 0)
    }
  }
  const watch = async (): Promise<void> => {
    for (;;) {
      const readyAt = clock.monotonicMs()
      const exit = await server.exited
      if (exit.expected || isOver()) return
      const next = await replace(deathOf(exit), clock.monotonicMs() - readyAt)
      if (next === undefined) return
      server = next
      log.info('nats-server is back.', { pid: next.pid })
    }
  }
  const watched = watch()
  let replacing: Promise<void> | undefined

  return {
    get server() {
      return server
    },
    gate,
    givenUp,
    replaceServer: (reason) => {
      const useless = server
      replacing ??= room()
        .then(() => {
          if (isOver() || server !== useless) return
          log.warn('nats-server is ended to be started again.', { reason })
          useless.kill()
        })
        .finally(() => (replacing = undefined))
    },
    stop: async () => {
      stopping.abort()
      await Promise.all([gate.stop(), server.stop()])
      await watched
    },
  }
}

function deathOf({ code, signal, lastLines }: ServerExit): Failure {
  const message =
    signal === null
      ? `nats-server ended by itself with exit code ${String(code)}: ${lastLines.at(-1) ?? 'it said nothing.'}`
      : `nats-server was killed (${signal}).`
  return { code: 'nats.died', message, hint: 'Read the log of this node for what came before.' }
}
