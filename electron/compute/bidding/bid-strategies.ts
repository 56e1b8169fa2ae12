import type { Resources } from '../../../shared/models/resources'
import { fits, printResources } from './usage'

/** What the owner of a node lets it take (`JobAdmissionControl`). */
export interface BidPolicy {
  readonly rejectNetworkedJobs: boolean
  readonly rejectStatelessJobs: boolean
  readonly locality: 'anywhere' | 'local'
}

/** What a node does not have (now), and why if there is a reason. */
interface Missing {
  readonly type: string
  readonly reason: string | undefined
}

/** Everything about an execution that the strategies look at, found out beforehand. */
export interface BidFacts {
  /** Asks for a network other than none and the default. */
  readonly networked: boolean
  readonly inputs: number
  readonly inputsElsewhere: number
  /** Types that this node does not have: of the publisher, of inputs, of the engine. */
  readonly missingPublisher: Missing | undefined
  readonly missingStorages: readonly string[]
  readonly missingEngine: Missing | undefined
  /** Why inputs cannot be had, what the engine has against the task, which variables the node does not give, what the probes said. */
  readonly inputFaults: readonly string[]
  readonly engineFault: string | undefined
  readonly envFaults: readonly string[]
  readonly probeFaults: readonly string[]
}

type Strategy = (facts: BidFacts, policy: BidPolicy) => readonly string[]

/** The semantic strategies, in their order: each gives its reasons to refuse. */
const strategies: readonly Strategy[] = [
  ({ networked }, { rejectNetworkedJobs }) => when(networked && rejectNetworkedJobs, 'this node does not run jobs that require network access'),
  ({ inputs }, { rejectStatelessJobs }) => when(inputs === 0 && rejectStatelessJobs, 'this node does not accept jobs without any input volumes'),
  ({ missingPublisher }) => missing(missingPublisher),
  ({ missingStorages }) => missingStorages.flatMap((type) => missing({ type, reason: undefined })),
  ({ inputFaults }) => inputFaults,
  ({ inputsElsewhere }, { locality }) =>
    when(
      locality === 'local' && inputsElsewhere > 0,
      `this node does not have all input data locally (${inputsElsewhere} inputs require downloading)`,
    ),
  ({ probeFaults }) => probeFaults,
  ({ missingEngine }) => missing(missingEngine),
  ({ engineFault }) => (engineFault === undefined ? [] : [engineFault]),
  ({ envFaults }) => envFaults,
]

/** All reasons of all strategies; none: the node wants the work. */
export function semanticReasons(facts: BidFacts, policy: BidPolicy): string[] {
  return strategies.flatMap((strategy) => strategy(facts, policy))
}

/** Why the node can never run it: more than all that it has. What is merely taken now is waited for. */
export function resourceReasons(usage: Resources, max: Resources): string[] {
  return when(!fits(usage, max), `insufficient resources - requested: ${printResources(usage)}, available: ${printResources(max)}`)
}

function missing(what: Missing | undefined): string[] {
  if (what === undefined) return []
  return [`this node does not support "${what.type}"${what.reason === undefined ? '' : `: ${what.reason}`}`]
}

function when(condition: boolean, reason: string): string[] {
  return condition ? [reason] : []
}
