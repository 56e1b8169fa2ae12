import { AppError } from '../../shared/errors'
import { classifyFailure, firstConnectError } from '../transport/connection/connect-failure'
import type { Attempt } from '../transport/connection/connection'
import type { TransportLog } from '../transport/log'
import { BatchedLedger, findEnd } from './batched-ledger'
import { openJetStreamStore, type JetStreamStore } from './jetstream-store'
import type { TrimmableLedger } from './ledger'
import { checkAgainstMark, lostBeforeStart, readLedgerMark, writeLedgerMark } from './ledger-mark'

interface JetStreamLedgerOptions {
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
  /** File beside the stream that tells how far it went, so that a stream which has lost its end, or all, is not taken for a whole one. */
  readonly markFile?: string
}

const connectTimeoutMs = 2000

/**
 * Opens the ledger in a JetStream stream, and makes the stream when there never was one. Rejects as `dial` does, or with `ledger.broken` or
 * `ledger.lost` when less is there than was stored; then nothing has been written.
 */
export async function openJetStreamLedger({
  server,
  stream,
  log,
  unavailableAfterMs = 10_000,
  answerMs = 5000,
  onStalled = () => undefined,
  markFile,
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
  const mark = markFile === undefined ? undefined : readLedgerMark(markFile)
  const store = await openFirst(attempt, stream, mark === undefined ? 'create' : 'must-exist').catch((error: unknown) => {
    if (markFile === undefined || !(error instanceof AppError) || error.code !== 'ledger.lost') throw error
    throw lostBeforeStart(`the stream ${stream} is gone`, markFile)
  })
  try {
    const end = await findEnd(store)
    if (markFile !== undefined) checkAgainstMark(end, mark, markFile)
    const reopen = (timeoutMs: number): Promise<JetStreamStore> => openJetStreamStore({ ...attempt, timeoutMs }, stream, 'must-exist')
    const marks = markFile === undefined ? undefined : writeLedgerMark(markFile, log)
    return new BatchedLedger(end, {
      first: store,
      reopen,
      connectTimeoutMs,
      log,
      unavailableAfterMs,
      answerMs,
      onStalled,
      ...(marks === undefined ? {} : { marks }),
    })
  } catch (error) {
    await store.close()
    throw error
  }
}

async function openFirst(attempt: Attempt, stream: string, mode: 'create' | 'must-exist'): Promise<JetStreamStore> {
  try {
    return await openJetStreamStore(attempt, stream, mode)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw firstConnectError([{ address: attempt.address, login: attempt.login, failure: classifyFailure(error) }], false)
  }
}
