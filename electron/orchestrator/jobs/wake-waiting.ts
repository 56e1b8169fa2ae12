import type { Job } from '../../../shared/models/job'
import { diedWithNode } from '../../../shared/placement/lost-execution'
import type { JobCore } from './job-core'
import type { JobRecord, StoredExecution } from './job-state'

/** Lets waiting jobs be looked at again. */
interface Waker {
  /** Room has appeared somewhere: waiting jobs are tried, in their order, as soon as this turn has ended. */
  wake(): void
  stop(): void
}

/** A pass over many waiting jobs gives way to other work after this time. Milliseconds. */
const sliceMs = 10

/** Tries waiting jobs whenever room appears. Of jobs that ask for the same, once one finds no room the others need not be tried in that pass. */
export function wakeWaiting(core: JobCore): Waker {
  let scheduled: NodeJS.Immediate | undefined
  let again = false

  const pass = (ids: readonly string[], from: number, hopeless: Set<string>): void => {
    const until = performance.now() + sliceMs
    for (let at = from; at < ids.length; at += 1) {
      const id = ids[at] ?? ''
      const record = core.state.job(id)
      if (record === undefined || !core.waiting.has(id)) continue
      const demand = demandOf(record)
      if (!hopeless.has(demand)) {
        core.look(id, 'node-join')
        if (core.waiting.has(id)) hopeless.add(demand)
      }
      if (performance.now() < until) continue
      scheduled = setImmediate(() => pass(ids, at + 1, hopeless))
      return
    }
    scheduled = undefined
    if (!again) return
    again = false
    begin()
  }
  const begin = (): void => {
    scheduled = setImmediate(() => pass(core.waiting.inOrder(), 0, new Set()))
  }
  return {
    wake: () => {
      if (core.waiting.size === 0) return
      if (scheduled === undefined) begin()
      else again = true
    },
    stop: () => {
      if (scheduled !== undefined) clearImmediate(scheduled)
    },
  }
}

/** What an execution comes to for the choice of a node: a refusal rules one out, a loss that was the node's own may be forgiven. */
function useOf(execution: StoredExecution): string {
  const end = diedWithNode(execution) ? 'lost' : execution.ComputeState.StateType
  return `${execution.NodeID}=${String(end)}`
}

const demands = new WeakMap<Job, string>()

/** What decides whether a job finds a node. */
function demandOf({ latest, executions }: JobRecord): string {
  let demand = demands.get(latest)
  if (demand === undefined) {
    const tasks = latest.Tasks.map(({ Engine, Publisher, InputSources = [], Resources }) => [
      Engine.Type,
      Publisher.Type,
      InputSources.map(({ Source }) => Source.Type),
      Resources,
    ])
    demand = JSON.stringify([latest.Type, latest.Constraints, tasks])
    demands.set(latest, demand)
  }
  const used = [...executions.values()].flatMap((execution) => (execution.JobVersion === latest.Version ? [useOf(execution)] : []))
  return used.length === 0 ? demand : `${demand}\0${used.sort().join(' ')}`
}
