/**
 * Which messages of one sender to refuse after one of them was refused. A Bacalhau sender that sees a refusal and an ack close together
 * stops sending for ever, so after a refusal everything is refused until the sender has started again from there or earlier.
 */
interface NackGate {
  /** Whether a message may be taken; one that shows that the sender has started again opens the gate. `sequence` undefined: it carries no number. */
  admits(sequence: number | undefined): boolean
  /** A message was refused; returns the refusals in a row. */
  refused(sequence: number | undefined): number
  /** A message was taken. */
  taken(sequence: number | undefined): void
}

/** Open. */
export function createNackGate(): NackGate {
  let failures = 0
  let highest: number | undefined
  /** Closed: a message numbered at most this opens it. */
  let closedAt: number | undefined
  return {
    admits(sequence) {
      // Without a number nothing tells a repeated message from a later one; refusing it could go on for ever.
      if (closedAt !== undefined && sequence !== undefined && sequence > closedAt) return false
      closedAt = undefined
      return true
    },
    refused(sequence) {
      failures++
      // A message that cannot be read may carry no number; whatever starts again comes at or below the highest seen.
      const bound = sequence ?? highest
      if (bound !== undefined) closedAt = Math.min(bound, closedAt ?? bound)
      return failures
    },
    taken(sequence) {
      failures = 0
      closedAt = undefined
      if (sequence !== undefined) highest = Math.max(highest ?? sequence, sequence)
    },
  }
}
