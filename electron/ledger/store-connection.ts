import { AppError } from '../../shared/errors'
import { classifyFailure } from '../transport/connection/connect-failure'
import type { TransportLog } from '../transport/log'
import { pause } from '../transport/reconnect/pause'
import { attemptTimeoutMs, reconnectDelayMs } from '../transport/reconnect/reconnect-policy'
import type { JetStreamStore } from './jetstream-store'

/** `reopen` rejects when the server cannot be reached in time; it is called again then. */
export interface StoreConnectionOptions {
  readonly first: JetStreamStore
  readonly reopen: (timeoutMs: number) => Promise<JetStreamStore>
  readonly connectTimeoutMs: number
  readonly log: TransportLog
  /** Told once when the server has been away for so long, and again (`false`) when it is back. */
  readonly unavailableAfterMs: number
  readonly onUnavailable: (isUnavailable: boolean) => void
}

/** The connection of a ledger to its stream, made again whenever it ends. */
export interface StoreConnection {
  /** The live one, undefined while there is none. */
  readonly current: JetStreamStore | undefined
  /** The live one, or the next one there is. Rejects only with `ledger.lost` (the stream is gone) or, once closed, `ledger.closed`. */
  get(): Promise<JetStreamStore>
  /** Aborted by `close`. */
  readonly signal: AbortSignal
  close(): Promise<void>
}

/** Begins with a store that is open, and opens it again whenever its connection ends, until `close`. */
export function keepStoreConnected({
  first,
  reopen,
  connectTimeoutMs,
  log,
  unavailableAfterMs,
  onUnavailable,
}: StoreConnectionOptions): StoreConnection {
  const stopped = new AbortController()
  let current: JetStreamStore | undefined
  let opening: Promise<JetStreamStore> | undefined

  const use = (store: JetStreamStore): void => {
    current = store
    void store.ended.then(() => {
      if (current === store) current = undefined
    })
  }

  const openAgain = async (): Promise<JetStreamStore> => {
    const told = { unavailable: false }
    const giveUp = setTimeout(() => {
      told.unavailable = true
      log.error('The server of the ledger has been away for long; appends are refused until it is back', { seconds: unavailableAfterMs / 1000 })
      onUnavailable(true)
    }, unavailableAfterMs)
    try {
      let silences = 0
      for (let attempt = 0; ; attempt++) {
        await pause(reconnectDelayMs(attempt, Math.random()), stopped.signal)
        if (stopped.signal.aborted) throw closedLedger()
        try {
          const store = await reopen(attemptTimeoutMs(silences, connectTimeoutMs))
          use(store)
          log.info('Connected to the stream of the ledger again', { attempts: attempt + 1 })
          return store
        } catch (error) {
          if (error instanceof AppError) throw error
          const failure = classifyFailure(error)
          silences = failure.kind === 'silent' ? silences + 1 : 0
          log.debug('The server of the ledger is not back yet', { attempt, reason: failure.reason })
        }
      }
    } finally {
      clearTimeout(giveUp)
      if (told.unavailable) onUnavailable(false)
    }
  }

  use(first)
  return {
    get current() {
      return current
    },
    get signal() {
      return stopped.signal
    },
    get() {
      if (current !== undefined) return Promise.resolve(current)
      opening ??= openAgain().finally(() => (opening = undefined))
      return opening
    },
    async close() {
      stopped.abort()
      await current?.close()
    },
  }
}

/** Somebody used a ledger after `close`. */
export const closedLedger = (): AppError => new AppError('ledger.closed', 'The ledger has been closed.')
