import { type Failure, toFailure } from '../../../shared/errors'
import type { Logger } from '../../log/logger'
import type { NatsServer, ServerExit } from '../../nats/nats-server'
import { hasRoom } from '../../nats/server-files'
import type { Clock } from '../../process/clock'
import { decideRestart, patientRestarts } from '../../process/restart-policy'

interface WatchedServerOptions {
  /** Starts another one in place of the last; rejects as `startNatsServer` does. */
  readonly start: () => Promise<NatsServer>
  readonly storeDir: string
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
}

/** Between two looks whether a full disk has room again. */
const ROOM_CHECK_MS = 1_000

/** A nats-server that runs, and is started again when it dies. */
export class WatchedServer {
  /** Resolves when it has died too often to go on. */
  readonly givenUp: Promise<Failure>
  readonly #options: WatchedServerOptions
  readonly #stopping = new AbortController()
  readonly #watched: Promise<void>
  #giveUp: (failure: Failure) => void = () => undefined
  #current: NatsServer
  #attempts = 0
  #replacing: Promise<void> | undefined

  /** @param first one that has just been started */
  constructor(first: NatsServer, options: WatchedServerOptions) {
    this.#options = options
    this.#current = first
    this.givenUp = new Promise<Failure>((resolve) => {
      this.#giveUp = resolve
    })
    this.#watched = this.#watch()
  }

  /** The server that runs now, or ran last. */
  get current(): NatsServer {
    return this.#current
  }

  #isOver(): boolean {
    return this.#stopping.signal.aborted
  }

  /** Ends one that stores nothing any more, as soon as there is room for another, which then takes its place as after a crash. */
  replace(reason: string): void {
    const useless = this.#current
    this.#replacing ??= this.#room()
      .then(() => {
        if (this.#isOver() || this.#current !== useless) return
        this.#options.log.warn('nats-server is ended to be started again.', { reason })
        useless.kill()
      })
      .finally(() => (this.#replacing = undefined))
  }

  /** Never rejects. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#current.stop()
    await this.#watched
  }

  async #watch(): Promise<void> {
    const { clock, log } = this.#options
    for (;;) {
      const readyAt = clock.monotonicMs()
      const exit = await this.#current.exited
      if (exit.expected || this.#isOver()) return
      const next = await this.#successor(deathOf(exit), clock.monotonicMs() - readyAt)
      if (next === undefined) return
      this.#current = next
      log.info('nats-server is back.', { pid: next.pid })
    }
  }

  /** Another server in place of one that died; undefined when it is stopped or given up meanwhile. */
  async #successor(death: Failure, readyMs: number): Promise<NatsServer | undefined> {
    const { start, clock, random, log } = this.#options
    const decision = decideRestart(patientRestarts, { attempts: this.#attempts, readyMs }, random())
    this.#attempts = decision.attempts
    if (decision.kind === 'give-up') {
      this.#giveUp(death)
      return undefined
    }
    log.warn(`${death.message} It is started again.`, { code: death.code, delayMs: decision.delayMs })
    await clock.sleep(decision.delayMs, this.#stopping.signal)
    await this.#room()
    if (this.#isOver()) return undefined
    try {
      const next = await start()
      if (!this.#isOver()) return next
      await next.stop()
      return undefined
    } catch (error) {
      const failure = toFailure(error)
      // It became full in this moment.
      if (failure.code === 'disk.full') this.#attempts -= 1
      return this.#successor(failure, 0)
    }
  }

  /** Resolves when the disk has room, or all is over. A full disk is no fault of the server: it is waited for as long as it takes. */
  async #room(): Promise<void> {
    const { storeDir, clock, log } = this.#options
    for (let told = false; !this.#isOver(); told = true) {
      // A folder that cannot be looked at is told by the start of the server.
      if (await hasRoom(storeDir).catch(() => true)) {
        if (told) log.info('The disk of the data directory has room again.')
        return
      }
      if (!told) log.error('The disk of the data directory is full. Make room on it: nothing that was acknowledged is lost.', { folder: storeDir })
      await clock.sleep(ROOM_CHECK_MS, this.#stopping.signal)
    }
  }
}

function deathOf({ code, signal, lastLines }: ServerExit): Failure {
  const message =
    signal === null
      ? `nats-server ended by itself with exit code ${String(code)}: ${lastLines.at(-1) ?? 'it said nothing.'}`
      : `nats-server was killed (${signal}).`
  return { code: 'nats.died', message, hint: 'Read the log of this node for what came before.' }
}
