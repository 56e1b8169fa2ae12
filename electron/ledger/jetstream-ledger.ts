import { AppError } from '../../shared/errors'
import { classifyFailure, firstConnectError } from '../transport/connect-failure'
import type { Attempt } from '../transport/connection'
import type { TransportLog } from '../transport/log'
import { BatchedLedger, findEnd } from './batched-ledger'
import { openJetStreamStore, type JetStreamStore } from './jetstream-store'
import type { TrimmableLedger } from './ledger'

export interface JetStreamLedgerOptions {
  /** A user of the account that holds the state. */
  readonly server: {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly password: string
    /** `serverName`: what stands in the certificate, where that is not `host`. */
    readonly tls?: { readonly ca?: string; readonly serverName?: string }
  }
  readonly stream: string
  readonly log: TransportLog
  /** Appends that wait longer than this for the server to come back are refused. */
  readonly unavailableAfterMs?: number
  /** How long the server may take to store a batch, in milliseconds. */
  readonly answerMs?: number
  /**
   * nats-server is there but stores nothing any more (after a full disk it stays like that); appends are refused with `ledger.full` until
   * it has been restarted. Told once each time.
   */
  readonly onStalled?: () => void
}

const connectTimeoutMs = 2000

/** Opens the ledger in a JetStream stream, and makes the stream when there is none. Rejects as `dial` does, or with `ledger.broken`. */
export async function openJetStreamLedger({
  server,
  stream,
  log,
  unavailableAfterMs = 10_000,
  answerMs = 5000,
  onStalled = () => undefined,
}: JetStreamLedgerOptions): Promise<TrimmableLedger> {
  const { host, port, user, password, tls } = server
  const attempt: Attempt = {
    address: { scheme: tls === undefined ? 'nats' : 'tls', host, port },
    name: `ledger-${stream}`,
    login: { kind: 'user', user, password },
    tls: { ca: tls?.ca, handshakeFirst: false, required: tls !== undefined, names: tls?.serverName === undefined ? [host] : [host, tls.serverName] },
    timeoutMs: connectTimeoutMs,
    pingIntervalMs: 10_000,
  }
  const store = await openFirst(attempt, stream)
  try {
    const end = await findEnd(store)
    const reopen = (timeoutMs: number): Promise<JetStreamStore> => openJetStreamStore({ ...attempt, timeoutMs }, stream, 'must-exist')
    return new BatchedLedger(end, { first: store, reopen, connectTimeoutMs, log, unavailableAfterMs, answerMs, onStalled })
  } catch (error) {
    await store.close()
    throw error
  }
}

async function openFirst(attempt: Attempt, stream: string): Promise<JetStreamStore> {
  try {
    return await openJetStreamStore(attempt, stream, 'create')
  } catch (error) {
    if (error instanceof AppError) throw error
    throw firstConnectError([{ address: attempt.address, login: attempt.login, failure: classifyFailure(error) }], false)
  }
}
