import { AppError, toFailure } from '../../../shared/errors'
import type { LinkMessage } from '../link'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** The ack of a data-plane message: these two bytes, no envelope (`pkg/lib/ncl/result.go`). Empty would be an error to its sender. */
export const ackBytes = encoder.encode('{}')

/** A refusal. `delayMs` is a wish of ours that real senders read and ignore. */
export function nackBytes(error: string, delayMs: number): Uint8Array {
  return encoder.encode(JSON.stringify({ error, delay: Math.round(delayMs * 1_000_000) }))
}

/** How long to ask a sender to wait after `failures` refusals in a row (1 …): 100 ms, doubled up to 5 s. */
export function nackDelayMs(failures: number): number {
  return Math.min(5000, 100 * 2 ** (failures - 1))
}

/** Why an answer to a data-plane message is not an ack; undefined when it is one. */
export function refusalIn({ status, data }: LinkMessage, subject: string): AppError | undefined {
  if (status === 503) return new AppError('nats.no-responders', `Nobody listens on ${subject}.`)
  if (data.length === 0) return new AppError('ack.empty', `The answer on ${subject} is empty, so the message counts as not taken.`)
  let answer: unknown
  try {
    answer = JSON.parse(decoder.decode(data))
  } catch (error) {
    return new AppError('ack.invalid', `The answer on ${subject} is neither an ack nor a refusal: ${toFailure(error).message}`)
  }
  if (typeof answer !== 'object' || answer === null) return new AppError('ack.invalid', `The answer on ${subject} is neither an ack nor a refusal.`)
  const text = 'error' in answer ? answer.error : ''
  if (text === '' || text === null) return undefined
  return new AppError('ack.refused', `The other side refused a message on ${subject}: ${typeof text === 'string' ? text : JSON.stringify(text)}`)
}
