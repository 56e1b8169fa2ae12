import { type Failure, toFailure } from '../../../shared/errors'
import { HANDSHAKE_REQUIRED, NO_ORCHESTRATOR } from './connection-policy'

/** What went wrong between this node and the orchestrator at `address`, as a person needs to hear it. */
export function explainExchange(error: unknown, address: string): Failure {
  const failure = toFailure(error)
  switch (failure.code) {
    case 'nats.no-responders':
      return {
        code: NO_ORCHESTRATOR,
        message: `The NATS server at ${address} answers, but no orchestrator listens behind it.`,
        hint: 'An orchestrator that is just starting will be there in a moment. Otherwise check that this address is an orchestrator’s.',
      }
    case 'nats.timeout':
      return {
        code: 'orchestrator.silent',
        message: `The orchestrator at ${address} did not answer in time.`,
        hint: 'Look at its log: it may be overloaded or hang.',
      }
    case HANDSHAKE_REQUIRED:
      return { code: HANDSHAKE_REQUIRED, message: `The orchestrator at ${address} asks this node to introduce itself again.` }
    default:
      return failure
  }
}

/** A handshake that was answered with no. */
export function explainRejection(reason: string, nodeId: string, address: string): Failure {
  const because = reason === '' ? '.' : `: ${reason}.`
  return {
    code: 'handshake.rejected',
    message: `The orchestrator at ${address} turned this node away${because}`,
    hint: reason.includes('rejected') ? `Approve it there: shoal node approve ${nodeId}` : 'Look at the orchestrator’s log for the reason.',
  }
}

/** A connection that was there and is gone. */
export function explainLoss(reason: string, address: string): Failure {
  return {
    code: 'nats.lost',
    message: `Lost the connection to ${address}: ${reason}.`,
    hint: 'It is being made again. Check that the orchestrator runs.',
  }
}

/** An orchestrator that took our credentials once and does so no longer. */
export function explainRefusal(reason: string): Failure {
  return { code: 'nats.refused', message: reason, hint: 'Set Compute.Auth.Token to the token that the orchestrator has as Orchestrator.Auth.Token.' }
}
