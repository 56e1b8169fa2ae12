import { AppError, toFailure } from '../../../shared/errors'
import { readMessage } from '../../../shared/wire/messages'
import { ackBytes, nackBytes, nackDelayMs } from './acknowledgement'
import { crc32 } from './crc32'
import { decodeEnvelope, metadataKeys } from './envelope'
import type { LinkMessage, NatsLink } from '../link'
import type { TransportLog } from '../log'
import { createNackGate } from './nack-gate'

/** A message of NCL, read. */
export interface DataMessage {
  readonly type: string
  /** Checked, with canonical keys. */
  readonly payload: unknown
  readonly metadata: Readonly<Record<string, string>>
  /** `Bacalhau-SeqNum`; strictly increasing for one sender, with gaps, and starting again after its failures. */
  readonly sequence: number | undefined
}

interface SubscriberOptions {
  readonly log: TransportLog
  /** Called for one message after the other. The message is acked when it resolves and comes again when it rejects: what must not come again is no error. */
  readonly handle: (message: DataMessage) => Promise<void>
  /**
   * `ahead`: `handle` is called for each message as it comes, while earlier ones are still being taken; acks keep the order. A message behind
   * one that is refused is refused too, although it may have been taken: it comes again.
   */
  readonly order?: 'strict' | 'ahead'
}

/** More messages than any sender keeps in flight. What comes beyond gets no answer, so that its sender tries again later. */
const waitingLimit = 2000
/** So many different unreadable messages are remembered. */
const unreadableLimit = 64

/**
 * Takes the ordered data-plane messages of one sender on `subject`, with acks. What cannot be read is refused once; when it comes again
 * (by its number, or byte for byte) it is acked, logged and dropped, so that one broken message does not hold up all that stand behind it.
 */
export function startSubscriber(link: NatsLink, subject: string, { log, handle, order = 'strict' }: SubscriberOptions): { stop(): void } {
  const gate = createNackGate()
  const unreadableSeen = new Set<string>()
  let waiting = 0
  let tail = Promise.resolve()

  const answer = (message: LinkMessage, data: Uint8Array): void => {
    if (message.reply === undefined) return
    try {
      link.publish(message.reply, data)
    } catch (error) {
      // The sender will take the silence for a failure and send it again.
      log.warn('A message could not be acknowledged', { subject: message.subject, error: toFailure(error).message })
    }
  }
  const refuse = (message: LinkMessage, reason: string, sequence: number | undefined): void => {
    const delayMs = nackDelayMs(gate.refused(sequence))
    log.warn('A message is refused', { subject: message.subject, sequence, reason, delayMs })
    answer(message, nackBytes(reason, delayMs))
  }

  const unreadable = (message: LinkMessage, reason: string, sequence: number | undefined): void => {
    const identity = sequence === undefined ? `${crc32(message.data)}:${message.data.length}` : `number ${sequence}`
    if (unreadableSeen.delete(identity)) {
      log.error('A message that cannot be read came a second time and is dropped', {
        subject: message.subject,
        sequence,
        reason,
        bytes: message.data.length,
      })
      gate.taken(sequence)
      return answer(message, ackBytes)
    }
    if (unreadableSeen.size >= unreadableLimit) unreadableSeen.clear()
    unreadableSeen.add(identity)
    refuse(message, `failed to deserialize message payload: ${reason}`, sequence)
  }

  /** Reads a message and begins to take it; returns how it is answered when its turn has come. */
  const begin = (message: LinkMessage): (() => Promise<void>) => {
    let sequence: number | undefined
    let read: DataMessage
    try {
      const { type, payload, metadata } = decodeEnvelope(message.data)
      sequence = readSequence(metadata[metadataKeys.sequence])
      read = { type, payload: readMessage(type, payload), metadata, sequence }
    } catch (error) {
      const reason = toFailure(error).message
      // Bytes that cannot be read may still come with the headers that every sender adds.
      const known = sequence ?? readSequence(message.header(metadataKeys.sequence))
      return () => Promise.resolve(unreadable(message, reason, known))
    }
    if (!gate.admits(read.sequence)) return () => Promise.resolve(refuseBehind(message, read.sequence))
    // What it comes to is looked at in turn: until then a failure must not count as unhandled.
    const taken = start(read)
    taken.catch(() => undefined)
    return async () => {
      try {
        await taken
      } catch (error) {
        if (!(error instanceof AppError))
          log.error('A handler of messages threw', { subject, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
        return refuse(message, `failed to handle message: ${toFailure(error).message}`, read.sequence)
      }
      if (!gate.admits(read.sequence)) return refuseBehind(message, read.sequence)
      gate.taken(read.sequence)
      answer(message, ackBytes)
    }
  }
  const refuseBehind = (message: LinkMessage, sequence: number | undefined): void =>
    refuse(message, 'an earlier message was refused: send from there again', sequence)
  const start = async (read: DataMessage): Promise<void> => handle(read)

  const subscription = link.subscribe(subject, (message) => {
    if (waiting >= waitingLimit) return log.warn('Too many messages are waiting; one is left without an answer', { subject: message.subject })
    waiting++
    const begun = order === 'ahead' ? begin(message) : undefined
    tail = tail.then(() => (begun ?? begin(message))()).finally(() => waiting--)
  })
  return { stop: () => subscription.unsubscribe() }
}

function readSequence(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,19}$/.test(text)) return undefined
  return Number(text)
}
