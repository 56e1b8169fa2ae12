import type { Resources } from '../../../shared/models/resources'
import { fits, printResources } from './usage'

/** What the owner of a node lets it take (`JobAdmissionControl`). */
export interface BidPolicy {
  readonly rejectNetworkedJobs: boolean
  readonly rejectStatelessJobs: boolean
  readonly locality: 'anywhere' | 'local'
}

/** Everything about an execution that the strategies look at, found out beforehand. */
export interface BidFacts {
  /** Asks for a network other than none and the default. */
  readonly networked: boolean
  readonly inputs: number
  readonly inputsElsewhere: number
  /** Types that this node does not have: of the publisher, of inputs, of the engine. */
  readonly missingPublisher: string | undefined
  readonly missingStorages: readonly string[]
  readonly missingEngine: { readonly type: string; readonly reason: string | undefined } | undefined
  /** Why inputs cannot be had, what the engine has against the task, which variables the node does not give, what the probes said. */
  readonly inputFaults: readonly string[]
  readonly engineFault: string | undefined
  readonly envFaults: readonly string[]
  readonly probeFaults: readonly string[]
}

type Strategy = (facts: BidFacts, policy: BidPolicy) => readonly string[]

/** The semantic strategies (engine: section 3.2), in their order: each gives its reasons to refuse. */
const strategies: readonly Strategy[] = [
  ({ networked }, { rejectNetworkedJobs }) => when(networked && rejectNetworkedJobs, 'this node does not run jobs that require network access'),
  ({ inputs }, { rejectStatelessJobs }) => when(inputs === 0 && rejectStatelessJobs, 'this node does not accept jobs without any input volumes'),
  ({ missingPublisher }) => (missingPublisher === undefined ? [] : [unsupported(missingPublisher)]),
  ({ missingStorages }) => missingStorages.map(unsupported),
  ({ inputFaults }) => inputFaults,
  ({ inputsElsewhere }, { locality }) =>
    when(
      locality === 'local' && inputsElsewhere > 0,
      `this node does not have all input data locally (${inputsElsewhere} inputs require downloading)`,
    ),
  ({ probeFaults }) => probeFaults,
  ({ missingEngine }) =>
    missingEngine === undefined ? [] : [`${unsupported(missingEngine.type)}${missingEngine.reason === undefined ? '' : `: ${missingEngine.reason}`}`],
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

function unsupported(type: string): string {
  return `this node does not support "${type}"`
}

function when(condition: boolean, reason: string): string[] {
  return condition ? [reason] : []
}
