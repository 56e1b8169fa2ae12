import { AppError } from '../../../shared/errors'
import { refusalIn } from './acknowledgement'
import { encodeEnvelope, metadataKeys } from './envelope'
import type { NatsLink } from '../link'
import type { TransportLog } from '../log'

interface OrderedMessage {
  readonly type: string
  readonly payload: unknown
  /** Of the sender's event log: strictly increasing, gaps allowed. */
  readonly sequence: number
  readonly metadata?: Readonly<Record<string, string>>
}

interface OrderedPublisherOptions {
  readonly subject: string
  readonly source: string
  /** Silence for so long is a failure; real senders wait 30 s. */
  readonly ackTimeoutMs?: number
  readonly log: TransportLog
}

/** Sends messages at least once, in order, each until it is acknowledged. */
export interface OrderedPublisher {
  /** Sends at once, in the order of the calls, without waiting for earlier acks. Resolves with the ack, rejects with an AppError. */
  publish(message: OrderedMessage): Promise<void>
  /** Messages sent and not yet acknowledged. */
  readonly pending: number
  stop(): void
}

interface InFlight {
  readonly timer: NodeJS.Timeout
  readonly resolve: () => void
  readonly reject: (error: AppError) => void
}

/** As many as a real sender keeps in flight. */
const pendingLimit = 1000

/** The sending half of the ordered data plane; what to do about a failure (send again from where, when) is the caller's. */
export function createOrderedPublisher(link: NatsLink, { subject, source, ackTimeoutMs = 30_000, log }: OrderedPublisherOptions): OrderedPublisher {
  const inFlight = new Map<string, InFlight>()
  const inbox = link.newInbox()
  let count = 0
  let stopped = false

  const take = (reply: string): InFlight | undefined => {
    const message = inFlight.get(reply)
    if (message !== undefined) clearTimeout(message.timer)
    inFlight.delete(reply)
    return message
  }
  const failAll = (error: AppError): void => {
    for (const reply of [...inFlight.keys()]) take(reply)?.reject(error)
  }

  const acks = link.subscribe(`${inbox}.*`, (answer) => {
    const message = take(answer.subject)
    if (message === undefined) return log.debug('An acknowledgement came too late', { subject })
    const refusal = refusalIn(answer, subject)
    if (refusal === undefined) message.resolve()
    else message.reject(refusal)
  })
  const forget = link.on((event) => {
    // Acks on their way are lost with the connection; better to send twice than to wait for them.
    if (event.kind === 'disconnected') failAll(disconnected())
    else if (event.kind === 'closed') failAll(new AppError('nats.closed', 'The connection to the NATS server has been closed.'))
  })

  return {
    publish({ type, payload, sequence, metadata }) {
      if (stopped) return Promise.reject(stoppedError())
      if (link.server === undefined) return Promise.reject(disconnected())
      if (inFlight.size >= pendingLimit)
        return Promise.reject(new AppError('publisher.full', `${pendingLimit} messages on ${subject} wait for their acknowledgement.`))
      const reply = `${inbox}.${(++count).toString(36)}`
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          take(reply)?.reject(new AppError('nats.timeout', `No acknowledgement on ${subject} within ${ackTimeoutMs / 1000} s.`))
        }, ackTimeoutMs)
        // Before it is sent: an ack may be faster than what follows.
        inFlight.set(reply, { timer, resolve, reject })
        try {
          const { data, headers } = encodeEnvelope({
            type,
            payload,
            source,
            metadata: { ...metadata, [metadataKeys.messageId]: `seq-${sequence}`, [metadataKeys.sequence]: String(sequence) },
          })
          link.publish(subject, data, { reply, headers })
        } catch (error) {
          take(reply)
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      })
    },
    get pending() {
      return inFlight.size
    },
    stop() {
      if (stopped) return
      stopped = true
      acks.unsubscribe()
      forget()
      failAll(stoppedError())
    },
  }
}

const disconnected = (): AppError =>
  new AppError('nats.disconnected', 'There is no connection to the NATS server at the moment.', {
    hint: 'Send it again once the connection is back.',
  })
const stoppedError = (): AppError => new AppError('publisher.stopped', 'The publisher has been stopped.')
