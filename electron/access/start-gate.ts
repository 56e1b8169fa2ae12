import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../shared/errors'
import type { Refusal } from '../../shared/http/feed'
import type { Logger } from '../log/logger'
import type { TokenTable } from './authorization'
import type { GateNotice, GateOrder, GateOrders } from './gate-messages'
import type { Issuer } from './nkey'
import { createRefusalLog } from './refusal-log'
import { writeTokenFile } from './token-file'

/** What the gate’s thread is started with. */
export interface StartGateOptions {
  /** The built thread entry (`gate.js`). */
  readonly workerFile: string
  /** Folder for the table of tokens; ours alone. Made when missing. */
  readonly runDir: string
  /** Where the embedded server is going to listen, as reached from this machine, and the login of the orchestrator in NODES. */
  readonly server: { readonly host: string; readonly port: number; readonly user: string; readonly password: string; readonly certFile?: string }
  readonly issuer: Issuer
  /** Account of admitted connections. */
  readonly account: string
  readonly tokens: TokenTable
  readonly log: Logger
}

/** Who may connect to the nodes’ account: NATS’s auth callout, answered in a thread of its own. */
export interface Gate {
  /** Resolves the first time it stands; rejects when it is stopped before. */
  readonly ready: Promise<void>
  /** Resolves when new connections are measured by these tokens. Connections that are there stay. */
  setTokens(tokens: TokenTable): Promise<void>
  /** Refused connections, grouped, the newest first. */
  refusals(): Refusal[]
  /** Called with each group that grew; returns what ends it. */
  onRefusal(listener: (refusal: Refusal) => void): () => void
  stop(): Promise<void>
}

/** A thread that dies is started again after this long, doubled while it does not stand; nobody comes in meanwhile. */
const RESTART_MS = 50
const LONGEST_RESTART_MS = 5000
const TOKEN_FILE = 'gate-tokens.json'

/**
 * Starts the gate's thread. Start it *before* the server: it knocks until the port opens and then stands within milliseconds, while a
 * node that finds an open port and no gate has to wait for its own time-out.
 */
export async function startGate(options: StartGateOptions): Promise<Gate> {
  const gate = new GateThread(options)
  await gate.start()
  return gate
}

class GateThread implements Gate {
  readonly ready: Promise<void>
  readonly #options: StartGateOptions
  readonly #tokenFile: string
  readonly #refusals = createRefusalLog()
  readonly #listeners = new Set<(refusal: Refusal) => void>()
  readonly #awaitingTokens = new Map<number, (problem?: string) => void>()
  #tokensVersion = 0
  #restarts = 0
  #stopping = false
  #worker: Worker | undefined
  #settleReady: { resolve: () => void; reject: (error: Error) => void } | undefined

  constructor(options: StartGateOptions) {
    this.#options = options
    this.#tokenFile = join(options.runDir, TOKEN_FILE)
    this.ready = new Promise<void>((resolve, reject) => {
      this.#settleReady = { resolve, reject }
    })
    this.ready.catch(() => undefined) // Told to whoever waits for it.
  }

  async start(): Promise<void> {
    mkdirSync(this.#options.runDir, { recursive: true, mode: 0o700 })
    writeTokenFile(this.#tokenFile, this.#options.tokens)
    await this.#launch().catch((error: unknown) => {
      rmSync(this.#tokenFile, { force: true })
      throw error
    })
    this.#watch()
  }

  setTokens(tokens: TokenTable): Promise<void> {
    writeTokenFile(this.#tokenFile, tokens)
    this.#tokensVersion += 1
    const version = this.#tokensVersion
    return new Promise((resolve, reject) => {
      this.#awaitingTokens.set(version, (problem) => {
        if (problem === undefined) resolve()
        else reject(new AppError('gate.tokens', `The gate cannot read its table of tokens, so the last one stays: ${problem}`))
      })
      const order: GateOrder = { kind: 'read-tokens', version }
      this.#worker?.postMessage(order)
    })
  }

  refusals(): Refusal[] {
    return this.#refusals.list()
  }

  onRefusal(listener: (refusal: Refusal) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async stop(): Promise<void> {
    if (this.#stopping) return
    this.#stopping = true
    this.#settleReady?.reject(new AppError('gate.stopped', 'The gate was stopped before it stood.'))
    for (const settle of this.#awaitingTokens.values()) settle('the gate was stopped')
    await this.#worker?.terminate()
    rmSync(this.#tokenFile, { force: true })
  }

  /** Resolves when the thread knocks. */
  #launch(): Promise<void> {
    const { workerFile, server, issuer, account, log } = this.#options
    const orders: GateOrders = { ...server, issuer, account, tokenFile: this.#tokenFile }
    return new Promise((resolve, reject) => {
      // Neither arguments nor environment: whatever has leaked into them is of no use to it.
      const worker = new Worker(workerFile, { workerData: orders, name: 'gate', argv: [], execArgv: [], env: {} })
      this.#worker = worker
      worker.on('message', (notice: GateNotice) => {
        if (notice.kind === 'knocking') resolve()
        this.#take(notice)
      })
      worker.once('error', (error) => {
        log.error('The thread of the gate failed.', { error })
        reject(new AppError('gate.failed', `The gate cannot run: ${error.message}`, { cause: error }))
      })
      worker.once('exit', () => reject(new AppError('gate.failed', 'The thread of the gate ended by itself.')))
    })
  }

  /** Starts the thread anew whenever it has died. */
  #watch(): void {
    this.#worker?.once('exit', () => {
      if (this.#stopping) return
      const delayMs = Math.min(LONGEST_RESTART_MS, RESTART_MS * 2 ** this.#restarts)
      this.#restarts += 1
      this.#options.log.warn('The thread of the gate ended and is started again.', { delayMs })
      setTimeout(() => {
        if (this.#stopping) return
        void this.#launch().catch(() => undefined) // Logged; its exit leads here again.
        this.#watch()
      }, delayMs)
    })
  }

  #take(notice: GateNotice): void {
    const { log } = this.#options
    switch (notice.kind) {
      case 'knocking': // A thread reads the table when it starts.
        for (const settle of this.#awaitingTokens.values()) settle()
        this.#awaitingTokens.clear()
        return
      case 'standing':
        this.#restarts = 0
        log.debug('The gate stands.', { serverId: notice.serverId })
        this.#settleReady?.resolve()
        return
      case 'fallen':
        if (!this.#stopping)
          log.warn('The gate lost its connection to nats-server and knocks again; nobody comes in meanwhile.', { reason: notice.reason })
        return
      case 'refused': {
        const refusal = this.#refusals.add(notice.refusal)
        log[refusal.count === 1 ? 'info' : 'debug']('A connection was refused.', { ...refusal })
        for (const listener of this.#listeners) listener(refusal)
        return
      }
      case 'tokens-read':
        this.#awaitingTokens.get(notice.version)?.(notice.problem)
        this.#awaitingTokens.delete(notice.version)
        return
      case 'trouble':
        log.warn('The gate has trouble.', { trouble: notice.message })
    }
  }
}
