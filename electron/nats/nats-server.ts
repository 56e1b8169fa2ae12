import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../shared/errors'
import type { Logger } from '../log/logger'
import { redactText } from '../log/redact'
import { spawnChild, type ChildExit, type SpawnedChild } from '../process/child'
import { portOwner } from '../process/port-owner'
import { findFreePort, portTaken } from '../process/ports'
import { loginsOf, newCredentials, type ServerCredentials } from './credentials'
import { dialableHost, proveReady } from './readiness'
import { renderServerConfig, type ServerSettings } from './server-config'
import { prepareStore, removeServerFiles, serverPidRecord, writeServerConfig } from './server-files'
import { parseServerLine, serverIdIn } from './server-log'
import { explainStartFailure, findStoreDamage, storeDamaged } from './start-failure'

/** What the embedded server is started with. `readyTimeoutMs`: until it must listen. */
export interface StartNatsServerOptions extends Omit<ServerSettings, 'credentials'> {
  /** Path of nats-server (`findNatsServer`). */
  readonly binary: string
  /** Folder for the configuration file and the pid record; ours alone. Made when missing. */
  readonly runDir: string
  /** Logins that the gate was given before; new ones when absent. */
  readonly credentials?: ServerCredentials
  readonly log: Logger
  readonly readyTimeoutMs?: number
  /** How long it may take to end when asked. */
  readonly stopGraceMs?: number
}

/** How it ended; `lastLines` are the end of what it printed. */
export interface ServerExit extends ChildExit {
  /** Whether `stop` asked for it. */
  readonly expected: boolean
  readonly lastLines: readonly string[]
}

/** The embedded server, ready. */
export interface NatsServer {
  /** Where this machine reaches it. */
  readonly host: string
  readonly port: number
  readonly websocketPort?: number
  readonly pid: number
  readonly version: string
  readonly serverId: string
  readonly credentials: ServerCredentials
  /** What it warned of while it read the state log; the ledger looks whether something is missing. */
  readonly storeWarnings: readonly string[]
  /** Never rejects. */
  readonly exited: Promise<ServerExit>
  /** Ends it at once, as a crash would: `exited` tells of it as not expected. */
  kill(): void
  /** Asks, waits, kills. */
  stop(): Promise<void>
}

/** The process, with what it printed and its tidied-up end. */
interface ServerProcess {
  readonly child: SpawnedChild
  /** Its output so far, secrets hidden; the beginning only, of a server that prints much. */
  readonly lines: readonly string[]
  readonly ended: Promise<ChildExit>
}

const KEPT_LINES = 500
/** Go lets garbage become as much as what is in use (100) unless told; the blocks of streams make that tens of megabytes. */
const GOGC = '40'
/** How long the end of our process is waited for when somebody else answers on its port: that end tells why. */
const EXPLANATION_MS = 1500

/**
 * Starts the embedded server and resolves when it is proved ready. Rejects with an AppError that names the cause (`port.taken`,
 * `port.forbidden`, `address.not-here`, `disk.full`, `nats.tls-files`, `nats.store-damaged`, …); nothing is left running then.
 */
export async function startNatsServer(options: StartNatsServerOptions): Promise<NatsServer> {
  const credentials = options.credentials ?? newCredentials()
  await prepareStore(options.storeDir)
  const configFile = await writeServerConfig(options.runDir, renderServerConfig({ ...options, credentials }))
  const server = await launch(options, configFile, credentials)
  const waiting = new AbortController()
  try {
    const failed = failureOf(server, options, waiting.signal)
    const ours = { ...target(options), login: credentials.system, isOurs: (id: string) => id === serverIdIn(server.lines) }
    const proved = proveReady(ours, waiting.signal).catch(async (error: unknown) => {
      // A stranger on the port refuses us before our server has ended with the reason.
      await Promise.race([failed, sleep(EXPLANATION_MS)])
      throw error
    })
    const { serverId, version } = await Promise.race([failed, proved])
    const damage = findStoreDamage(server.lines)
    if (damage !== undefined) throw storeDamaged(options.storeDir, parseServerLine(damage).text)
    return running(options, server, { credentials, serverId, version })
  } catch (error) {
    await end(server, options)
    throw error
  } finally {
    waiting.abort()
  }
}

async function launch({ binary, runDir, log }: StartNatsServerOptions, configFile: string, credentials: ServerCredentials): Promise<ServerProcess> {
  const removeFiles = (): Promise<void> =>
    removeServerFiles(runDir).catch((error: unknown) => log.warn('The files of the ended nats-server could not be removed.', { error }))
  let child: SpawnedChild
  try {
    child = spawnChild({
      file: binary,
      args: ['-c', configFile],
      env: { GOGC, ...process.env },
      lifeline: true,
      cwd: runDir,
      pidRecord: serverPidRecord(runDir),
    })
  } catch (error) {
    await removeFiles()
    throw error
  }
  const secrets = loginsOf(credentials).map(({ password }) => password)
  const natsLog = log.child({ source: 'nats-server' })
  const lines: string[] = []
  child.onLine((line) => {
    const clean = redactText(line, secrets)
    if (lines.length < KEPT_LINES) lines.push(clean)
    const { level, text } = parseServerLine(clean)
    if (text.trim() !== '') natsLog[level](text)
  })
  const ended = child.exited.then(async (exit) => {
    await removeFiles()
    return exit
  })
  return { child, lines, ended }
}

function target({ host, port, tls }: StartNatsServerOptions): { readonly host: string; readonly port: number; readonly certFile?: string } {
  return { host, port, ...(tls === undefined ? {} : { certFile: tls.certFile }) }
}

/** Rejects when the process ends, or is not ready in time. After `over` it only ends. */
async function failureOf({ child, lines }: ServerProcess, options: StartNatsServerOptions, over: AbortSignal): Promise<never> {
  const { host, port, websocket, storeDir, readyTimeoutMs = 10_000 } = options
  const exit = await Promise.race([child.exited, sleep(readyTimeoutMs, undefined, { signal: over }).catch((): undefined => undefined)])
  if (exit === undefined) {
    throw new AppError('nats.not-ready', `nats-server was not ready within ${readyTimeoutMs / 1000} s. Its last line: ${lines.at(-1) ?? 'none'}`, {
      hint: 'The machine may be too busy, or the state log very long: try again, and read the log of the node.',
    })
  }
  const taken = lines.find((line) => /address already in use|Only one usage of each socket address/.test(line))
  if (taken !== undefined) throw await explainTakenPort(options, /websocket/i.test(taken))
  const how = exit.signal === null ? `exit code ${String(exit.code)}` : `signal ${exit.signal}`
  throw explainStartFailure(lines, how, { host, port, websocketPort: websocket?.port, storeDir })
}

async function explainTakenPort({ host, port, websocket }: StartNatsServerOptions, isWebsocket: boolean): Promise<AppError> {
  const main = { key: 'Orchestrator.Port', port, host }
  const blocked = isWebsocket && websocket !== undefined ? { key: 'Orchestrator.WebSocket.Port', port: websocket.port, host: websocket.host } : main
  const [owner, free] = await Promise.all([portOwner(blocked.port), findFreePort(blocked.host, blocked.port + 1, 100)])
  return portTaken(blocked.key, blocked.port, owner, free)
}

function running(
  options: StartNatsServerOptions,
  server: ServerProcess,
  facts: Pick<NatsServer, 'credentials' | 'serverId' | 'version'>,
): NatsServer {
  const { child } = server
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => (stopping ??= end(server, options))
  const exited = server.ended.then((exit): ServerExit => ({ ...exit, expected: stopping !== undefined, lastLines: child.lastLines() }))
  const warnings = server.lines.map(parseServerLine).filter(({ level, text }) => level === 'warn' && /stream|store/i.test(text))
  return {
    ...facts,
    host: dialableHost(options.host),
    port: options.port,
    ...(options.websocket === undefined ? {} : { websocketPort: options.websocket.port }),
    pid: child.pid,
    storeWarnings: warnings.map(({ text }) => text),
    exited,
    kill: () => child.kill(),
    stop,
  }
}

async function end({ child, ended }: ServerProcess, { log, stopGraceMs = 3000 }: StartNatsServerOptions): Promise<void> {
  child.end()
  const kill = setTimeout(() => {
    log.warn('nats-server did not end when asked and is killed.', { pid: child.pid, graceMs: stopGraceMs })
    child.kill()
  }, stopGraceMs)
  await ended
  clearTimeout(kill)
}
