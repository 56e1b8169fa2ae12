import { AppError } from '../../../shared/errors'
import type { LinkMessage } from '../link'

interface Pending {
  readonly subject: string
  readonly timer: NodeJS.Timeout
  readonly resolve: (message: LinkMessage) => void
  readonly reject: (error: AppError) => void
}

/** A reply subject and what will arrive on it. `isOpen` turns false once it is settled. */
interface ExpectedReply {
  readonly reply: string
  readonly answer: Promise<LinkMessage>
  isOpen(): boolean
  /** Settles it with an error, e.g. when the request could not be sent. */
  fail(error: AppError): void
}

/** Requests that wait for their replies under one inbox, `<prefix>.<number>`. The caller subscribes `<prefix>.*` and feeds `deliver`. */
export function createRequestInbox(prefix: string) {
  const pending = new Map<string, Pending>()
  let count = 0

  const settle = (reply: string): Pending | undefined => {
    const request = pending.get(reply)
    if (request === undefined) return undefined
    clearTimeout(request.timer)
    pending.delete(reply)
    return request
  }

  return {
    wildcard: `${prefix}.*`,

    expect(subject: string, timeoutMs: number): ExpectedReply {
      const reply = `${prefix}.${(++count).toString(36)}`
      const answer = new Promise<LinkMessage>((resolve, reject) => {
        const timer = setTimeout(() => {
          settle(reply)?.reject(
            new AppError('nats.timeout', `No answer on ${subject} within ${timeoutMs / 1000} s.`, {
              hint: 'Check that the other side runs and is not overloaded.',
            }),
          )
        }, timeoutMs)
        pending.set(reply, { subject, timer, resolve, reject })
      })
      return { reply, answer, isOpen: () => pending.has(reply), fail: (error) => settle(reply)?.reject(error) }
    },

    deliver(message: LinkMessage): void {
      const request = settle(message.subject)
      if (request === undefined) return // too late: the requester has been told so already
      if (message.status === 503) {
        request.reject(
          new AppError('nats.no-responders', `Nobody listens on ${request.subject}.`, {
            hint: 'The other side is not running, or has not started to listen yet.',
          }),
        )
      } else request.resolve(message)
    },

    failAll(error: AppError): void {
      for (const reply of [...pending.keys()]) settle(reply)?.reject(error)
    },
  }
}
