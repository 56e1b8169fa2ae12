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
  const { workerFile, runDir, server, issuer, account, log } = options
  const tokenFile = join(runDir, TOKEN_FILE)
  const orders: GateOrders = { ...server, issuer, account, tokenFile }
  const refusals = createRefusalLog()
  const listeners = new Set<(refusal: Refusal) => void>()
  const awaitingTokens = new Map<number, (problem?: string) => void>()
  let tokensVersion = 0
  let restarts = 0
  let stopping = false
  let worker: Worker
  let settleReady: { resolve: () => void; reject: (error: Error) => void } | undefined
  const ready = new Promise<void>((resolve, reject) => {
    settleReady = { resolve, reject }
  })
  ready.catch(() => undefined) // Told to whoever waits for it.

  const take = (notice: GateNotice): void => {
    switch (notice.kind) {
      case 'knocking': // A thread reads the table when it starts.
        for (const settle of awaitingTokens.values()) settle()
        awaitingTokens.clear()
        return
      case 'standing':
        restarts = 0
        log.debug('The gate stands.', { serverId: notice.serverId })
        settleReady?.resolve()
        return
      case 'fallen':
        if (!stopping) log.warn('The gate lost its connection to nats-server and knocks again; nobody comes in meanwhile.', { reason: notice.reason })
        return
      case 'refused': {
        const refusal = refusals.add(notice.refusal)
        log[refusal.count === 1 ? 'info' : 'debug']('A connection was refused.', { ...refusal })
        for (const listener of listeners) listener(refusal)
        return
      }
      case 'tokens-read':
        awaitingTokens.get(notice.version)?.(notice.problem)
        awaitingTokens.delete(notice.version)
        return
      case 'trouble':
        log.warn('The gate has trouble.', { trouble: notice.message })
    }
  }

  const launch = (): Promise<void> =>
    new Promise((resolve, reject) => {
      // Neither arguments nor environment: whatever has leaked into them is of no use to it.
      worker = new Worker(workerFile, { workerData: orders, name: 'gate', argv: [], execArgv: [], env: {} })
      worker.on('message', (notice: GateNotice) => {
        if (notice.kind === 'knocking') resolve()
        take(notice)
      })
      worker.once('error', (error) => {
        log.error('The thread of the gate failed.', { error })
        reject(new AppError('gate.failed', `The gate cannot run: ${error.message}`, { cause: error }))
      })
      worker.once('exit', () => reject(new AppError('gate.failed', 'The thread of the gate ended by itself.')))
    })

  /** Starts the thread anew whenever it has died. */
  const watch = (): void => {
    worker.once('exit', () => {
      if (stopping) return
      const delayMs = Math.min(LONGEST_RESTART_MS, RESTART_MS * 2 ** restarts)
      restarts += 1
      log.warn('The thread of the gate ended and is started again.', { delayMs })
      setTimeout(() => {
        if (stopping) return
        void launch().catch(() => undefined) // Logged; its exit leads here again.
        watch()
      }, delayMs)
    })
  }

  mkdirSync(runDir, { recursive: true, mode: 0o700 })
  writeTokenFile(tokenFile, options.tokens)
  await launch().catch((error: unknown) => {
    rmSync(tokenFile, { force: true })
    throw error
  })
  watch()

  return {
    ready,
    setTokens: (tokens) => {
      writeTokenFile(tokenFile, tokens)
      tokensVersion += 1
      const version = tokensVersion
      return new Promise((resolve, reject) => {
        awaitingTokens.set(version, (problem) => {
          if (problem === undefined) resolve()
          else reject(new AppError('gate.tokens', `The gate cannot read its table of tokens, so the last one stays: ${problem}`))
        })
        const order: GateOrder = { kind: 'read-tokens', version }
        worker.postMessage(order)
      })
    },
    refusals: () => refusals.list(),
    onRefusal: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: async () => {
      if (stopping) return
      stopping = true
      settleReady?.reject(new AppError('gate.stopped', 'The gate was stopped before it stood.'))
      for (const settle of awaitingTokens.values()) settle('the gate was stopped')
      await worker.terminate()
      rmSync(tokenFile, { force: true })
    },
  }
}
