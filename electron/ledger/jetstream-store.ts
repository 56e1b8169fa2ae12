import { jetstream, jetstreamManager, JetStreamApiError, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream'
import { errors, type NatsConnection } from '@nats-io/transport-node'
import { AppError, toFailure } from '../../shared/errors'
import type { Attempt } from '../transport/connection/connection'
import { openTcpClient } from '../transport/connection/tcp-client'

/** What became of one attempt to store. Where it is not said, the message may be stored or not: look. */
type StoreOutcome =
  | { readonly kind: 'stored' }
  /** Not stored. */
  | { readonly kind: 'refused'; readonly error: AppError }
  /** Something else is stored behind `expectedLast`, perhaps by an earlier attempt of ours. */
  | { readonly kind: 'wrong-sequence'; readonly reason: string }
  /** The server says that it could not write. */
  | { readonly kind: 'failed'; readonly error: AppError }
  /** No answer in time. */
  | { readonly kind: 'silent'; readonly reason: string }
  /** Nobody takes messages for the stream, or the connection has ended. */
  | { readonly kind: 'away'; readonly reason: string }

/** One message of the stream: a batch of records. */
export interface StoredMessage {
  readonly streamSequence: number
  readonly data: Uint8Array
}

/** One connection to the stream that holds a ledger. */
export interface JetStreamStore {
  /** The largest message that the server takes, in bytes. */
  readonly maxPayload: number
  /** Stores behind stream sequence `expectedLast`, and nowhere else; gives up after `timeoutMs`. Never rejects. */
  store(data: Uint8Array, expectedLast: number, timeoutMs: number): Promise<StoreOutcome>
  /**
   * Sequence of the last message once everything has been dealt with that this connection has sent; 0 for an empty stream. Rejects with
   * `ledger.lost` when the stream is gone, else with what went wrong.
   */
  lastSequence(): Promise<number>
  /** How many messages between the first and the last one are not there; 0 in a stream that is whole. */
  missing(): Promise<number>
  /** Undefined when there is none of that sequence. */
  message(streamSequence: number): Promise<StoredMessage | undefined>
  /** Drops all messages before this one. */
  dropBefore(streamSequence: number): Promise<void>
  /** Messages from stream sequence `from` to `to`, in order; those that were dropped are left out. */
  read(from: number, to: number, onMessage: (message: StoredMessage) => void): Promise<void>
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>
  close(): Promise<void>
}

/** How long the server may take to answer a question, in milliseconds. */
const answerMs = 5000
const readAhead = 1000

/** Error codes of JetStream (server/errors.json of nats-server). */
const wrongLastSequence = new Set([10070, 10071, 10164])
const outOfRoom = new Set([10002, 10023, 10028, 10047, 10122])
const storeFailed = 10077
const tooLarge = 10054
const streamNotFound = 10059

/** Connects and makes sure that the stream is there; with `must-exist` it rejects with `ledger.lost` when it is not. */
export async function openJetStreamStore(attempt: Attempt, stream: string, mode: 'create' | 'must-exist'): Promise<JetStreamStore> {
  const { client } = await openTcpClient(attempt)
  try {
    const manager = await jetstreamManager(client, { timeout: answerMs, checkAPI: false })
    const publisher = jetstream(client, { timeout: answerMs })
    const subject = `ledger.${stream}`
    const info = async (): Promise<StreamInfo> => {
      try {
        return await manager.streams.info(stream)
      } catch (error) {
        if (isStreamNotFound(error)) throw lostLedger(`the stream ${stream} is gone`)
        throw error
      }
    }
    const publish = async (data: Uint8Array, lastSequence: number, timeout: number): Promise<StoreOutcome> => {
      try {
        await publisher.publish(subject, data, { expect: { lastSequence, streamName: stream }, timeout, retries: 1 })
        return { kind: 'stored' }
      } catch (error) {
        return outcomeOf(error)
      }
    }
    if (mode === 'create') await ensureStream(manager.streams, stream, subject)
    else await info()

    return {
      maxPayload: client.info?.max_payload ?? 1024 * 1024,
      store: publish,
      async lastSequence() {
        // A message that must be refused: its refusal tells the last sequence, and comes after the fate of all that was sent before it is decided.
        const refusal = await publish(new Uint8Array(0), Number.MAX_SAFE_INTEGER, answerMs)
        if (refusal.kind === 'silent') throw new Error(refusal.reason)
        const told = refusal.kind === 'wrong-sequence' ? /(\d+)\s*$/.exec(refusal.reason)?.[1] : undefined
        return told === undefined ? (await info()).state.last_seq : Number(told)
      },
      async missing() {
        const { first_seq: first, last_seq: last, messages } = (await info()).state
        return last < first ? 0 : last - first + 1 - messages
      },
      async message(seq) {
        const message = await manager.streams.getMessage(stream, { seq })
        return message === null ? undefined : { streamSequence: message.seq, data: message.data }
      },
      async dropBefore(seq) {
        // Without a filter: then the server drops whole blocks, which gives their room back.
        await manager.streams.purge(stream, { seq })
      },
      async read(from, to, onMessage) {
        for (let next = from; next <= to;) {
          const messages = await readBatch(client, manager, stream, next, Math.min(readAhead, to - next + 1))
          const last = messages.at(-1)
          if (last === undefined) throw lostLedger(`message ${next} of the stream ${stream} is gone`)
          for (const message of messages) if (message.streamSequence <= to) onMessage(message)
          next = last.streamSequence + 1
        }
      },
      ended: client.closed().then(() => undefined),
      close: () => client.close(),
    }
  } catch (error) {
    await client.close()
    throw error
  }
}

/** One round of messages from sequence `from`; empty when there are none. */
function readBatch(
  client: NatsConnection,
  manager: JetStreamManager,
  stream: string,
  from: number,
  batch: number,
): Promise<readonly StoredMessage[]> {
  return new Promise((resolve, reject) => {
    const messages: StoredMessage[] = []
    const silence = setTimeout(() => reject(new Error('the server stopped in the middle of an answer')), answerMs)
    void client.closed().then(() => end(new Error('the connection has ended')))
    const end = (error: Error | undefined): void => {
      clearTimeout(silence)
      if (error === undefined) resolve(messages)
      else reject(error)
    }
    // The callback form, because the iterator of this library leaves its subscription behind.
    manager.direct
      .getBatch(stream, {
        seq: from,
        batch,
        callback: (done, message) => {
          if (done !== null) return end(done.err)
          silence.refresh()
          messages.push({ streamSequence: message.seq, data: message.data })
        },
      })
      .catch((error: unknown) => end(error instanceof Error ? error : new Error(String(error))))
  })
}

async function ensureStream(streams: JetStreamManager['streams'], name: string, subject: string): Promise<void> {
  try {
    await streams.info(name)
  } catch (error) {
    if (!isStreamNotFound(error)) throw error
    try {
      // `discard: new`: when there is no room the newest is refused; nothing old is ever dropped for it.
      await streams.add({ name, subjects: [subject], storage: 'file', num_replicas: 1, retention: 'limits', discard: 'new', allow_direct: true })
    } catch (refusal) {
      const outcome = outcomeOf(refusal)
      throw 'error' in outcome ? outcome.error : refusal
    }
  }
}

function outcomeOf(error: unknown): StoreOutcome {
  if (error instanceof errors.TimeoutError) return { kind: 'silent', reason: 'no answer in time' }
  if (!(error instanceof JetStreamApiError)) return { kind: 'away', reason: toFailure(error).message }
  const { code, message } = error
  if (wrongLastSequence.has(code)) return { kind: 'wrong-sequence', reason: message }
  if (outOfRoom.has(code)) return { kind: 'refused', error: fullLedger(message) }
  if (code === tooLarge)
    return { kind: 'refused', error: new AppError('ledger.record-too-large', `A record is larger than nats-server takes (${message}).`) }
  if (code === storeFailed)
    return { kind: 'failed', error: /no space|file too large|quota|maximum/i.test(message) ? fullLedger(message) : refusedLedger(message) }
  return { kind: 'refused', error: refusedLedger(message) }
}

const isStreamNotFound = (error: unknown): boolean => error instanceof JetStreamApiError && error.code === streamNotFound

/** The server has no room for more. */
export const fullLedger = (reason: string): AppError =>
  new AppError('ledger.full', `There is no room left to store the state of the cluster (nats-server: ${reason}).`, {
    hint: 'Free disk space where the data directory is; nothing that was acknowledged is lost.',
  })
const refusedLedger = (reason: string): AppError =>
  new AppError('ledger.refused', `nats-server could not store the state of the cluster: ${reason}.`, { hint: 'See the log of nats-server.' })

/** Acknowledged records are not there any more. */
export function lostLedger(reason: string): AppError {
  return new AppError('ledger.lost', `State that had been stored is missing: ${reason}.`, {
    hint: 'Was the data directory replaced? Put it back, or restore it from a backup. To begin with nothing, move its folders state and jobs away.',
  })
}
