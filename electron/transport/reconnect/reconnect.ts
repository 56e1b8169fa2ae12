import { displayAddress, type NatsAddress } from '../../../shared/address'
import { classifyFailure, refusal } from '../connection/connect-failure'
import type { Connection, ConnectionNotice, Login } from '../connection/connection'
import type { TransportLog } from '../log'
import { pause } from './pause'
import { attemptTimeoutMs } from './reconnect-policy'
import type { ServerPool } from './server-pool'

/** A connection and what it was made with. */
export interface Opened {
  readonly connection: Connection
  readonly address: NatsAddress
}

/** How to make connections, and how patiently. */
export interface Connecting {
  /** One attempt at one server; rejects with what was thrown. */
  readonly open: (address: NatsAddress, pool: ServerPool, timeoutMs: number, notify: (notice: ConnectionNotice) => void) => Promise<Opened>
  readonly loginAt: (address: NatsAddress) => Login
  readonly connectTimeoutMs: number
  readonly delayMs: (attempt: number) => number
  readonly refusedDelayMs: (refusals: number) => number
  readonly log: TransportLog
}

interface ReconnectOptions extends Connecting {
  readonly pool: ServerPool
  /** In the order in which to try them. */
  readonly addresses: readonly NatsAddress[]
  readonly notify: (notice: ConnectionNotice) => void
  readonly onRefused: (reason: string) => void
  readonly signal: AbortSignal
}

/** Tries the servers in rounds until one takes us; undefined when `signal` was aborted before. */
export async function reconnect(options: ReconnectOptions): Promise<Opened | undefined> {
  const { addresses, pool, signal, log, notify } = options
  // A function, because the compiler takes a property for unchanged over an await.
  const isStopped = (): boolean => signal.aborted
  let refusals = 0
  let silences = 0
  for (let attempt = 0; ; attempt++) {
    await pause(refusals > 0 ? options.refusedDelayMs(refusals) : options.delayMs(attempt), signal)
    for (const address of addresses) {
      if (isStopped()) return undefined
      try {
        const opened = await options.open(address, pool, attemptTimeoutMs(silences, options.connectTimeoutMs), notify)
        if (isStopped()) {
          await opened.connection.close()
          return undefined
        }
        log.info('Connected to the NATS server again', { server: displayAddress(address), attempts: attempt + 1 })
        return opened
      } catch (error) {
        const failure = classifyFailure(error)
        log.debug('The NATS server is not back yet', { server: displayAddress(address), attempt, reason: failure.reason })
        silences = failure.kind === 'silent' ? silences + 1 : 0
        refusals = failure.kind === 'refused' ? refusals + 1 : 0
        if (refusals > 0) tellRefusal(options, address, refusals)
      }
    }
  }
}

function tellRefusal({ log, loginAt, onRefused }: ReconnectOptions, address: NatsAddress, refusals: number): void {
  const reason = `${refusal({ address, login: loginAt(address) })}.`
  if (refusals === 1) log.warn(reason, { server: displayAddress(address) })
  onRefused(reason)
}
