import { desiredStates } from '../../../shared/models/execution'
import type { Job } from '../../../shared/models/job'
import type { NodeWork } from '../../../shared/models/node-row'
import type { StoredExecution } from './job-state'
import { amountsOfJob, nothing, plus, resourcesOf, type Amounts } from './node-capacity'

/** What is known of a node's work. */
export interface WorkOfNode {
  /** Those that have not ended, the oldest first. */
  readonly executions: Iterable<StoredExecution>
  readonly jobOf: (execution: StoredExecution) => Job | undefined
  /** All that jobs may use of the node; undefined where it does not tell. */
  readonly max: Amounts | undefined
  /** What it uses beside our own executions. */
  readonly foreign: Amounts
}

function fits(amounts: Amounts, max: Amounts): boolean {
  return amounts.CPU <= max.CPU && amounts.Memory <= max.Memory && amounts.Disk <= max.Disk && amounts.GPU <= max.GPU
}

function isNothing(amounts: Amounts): boolean {
  return fits(amounts, nothing)
}

/**
 * What a node has to do by our own books. Nodes never say which of their executions wait in their queue, so that is told as they decide
 * it: each in its turn begins when it fits beside those that run.
 */
export function nodeWork({ executions, jobOf, max, foreign }: WorkOfNode): NodeWork {
  let [running, queued, asked] = [0, 0, 0]
  let [busy, waiting] = [nothing, nothing]
  for (const execution of executions) {
    const job = jobOf(execution)
    const takes = job === undefined ? nothing : amountsOfJob(job)
    const accepted = execution.DesiredState.StateType === desiredStates.Running
    const begun = accepted && (max === undefined || fits(plus(busy, takes), max))
    if (!accepted) asked += 1
    else {
      running += 1
      if (!begun) queued += 1
    }
    if (begun) busy = plus(busy, takes)
    else waiting = plus(waiting, takes)
  }
  return {
    running,
    queued,
    asked,
    inUse: resourcesOf(plus(busy, waiting)),
    ...(waiting === nothing ? {} : { waiting: resourcesOf(waiting) }),
    ...(isNothing(foreign) ? {} : { beside: resourcesOf(foreign) }),
  }
}
