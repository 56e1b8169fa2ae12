import { schedule } from '../../../../electron/orchestrator/scheduling/schedule'
import type { SchedulingInput, SchedulingNode } from '../../../../electron/orchestrator/scheduling/scheduling-input'
import type { Change, Plan } from '../../../../electron/orchestrator/scheduling/plan'
import type { Execution } from '../../../../shared/models/execution'
import { taskResources } from '../../../../shared/jobs/task-resources'
import type { Job, JobType, Timeouts } from '../../../../shared/models/job'

export const start = 1_800_000_000_000
type StoredExecution = Omit<Execution, 'Job'>

const limits = { perLook: 20, perLookDelayMs: 100, queueBackoffMs: 60_000, timeoutGraceMs: 120_000 }

export function jobOf(Type: JobType, more: Partial<Job> & { readonly Timeouts?: Timeouts } = {}): Job {
  const { Timeouts = {}, ...fields } = more
  return {
    ID: 'j-1',
    Name: 'j-1',
    Namespace: 'default',
    Type,
    Priority: 0,
    Count: Type === 'batch' || Type === 'service' ? 1 : 0,
    Constraints: [],
    Meta: {},
    Labels: {},
    Tasks: [
      {
        Name: 'main',
        Engine: { Type: 'wasm', Params: {} },
        Publisher: { Type: '' },
        Resources: { CPU: '500m', Memory: '512mb' },
        Network: {},
        Timeouts,
      },
    ],
    State: { StateType: 'Pending' },
    Version: 1,
    Revision: 1,
    CreateTime: start * 1_000_000,
    ModifyTime: start * 1_000_000,
    ...fields,
  }
}

export function nodeOf(
  id: string,
  more: { readonly CPU?: number; readonly engines?: readonly string[] } = {},
  standing: SchedulingNode['standing'] = 'connected',
): SchedulingNode {
  const { CPU = 4, engines = ['wasm'] } = more
  const max = { CPU, Memory: 8e9, Disk: 100e9 }
  return {
    candidate: {
      id,
      labels: { name: id },
      engines,
      publishers: ['local'],
      storages: ['inline'],
      max,
      available: max,
      queued: {},
      maxJobRequirements: max,
    },
    approved: true,
    standing,
  }
}

/** One job that is looked at again and again; what a plan changes is there at the next look. */
export class Story {
  job: Job
  executions: StoredExecution[] = []
  nodes: SchedulingNode[]
  now = start
  submittedAt = start
  readonly told: string[] = []
  #ids = 0

  constructor(job: Job, nodes: readonly SchedulingNode[]) {
    this.job = job
    this.nodes = [...nodes]
  }

  look(trigger: SchedulingInput['trigger'] = 'exec-update'): Plan {
    const [task] = this.job.Tasks
    if (task === undefined) throw new Error('The job has no task')
    const plan = schedule({
      job: this.job,
      submittedAt: this.submittedAt,
      executions: this.executions,
      nodes: () => this.nodes,
      standing: (nodeId) => this.nodes.find(({ candidate }) => candidate.id === nodeId)?.standing ?? 'lost',
      takes: () => taskResources(task),
      trigger,
      now: this.now,
      ids: { execution: () => `e-${(this.#ids += 1)}`, evaluation: () => 'v' },
      random: () => 0,
      limits,
    })
    this.apply(plan.changes)
    return plan
  }

  apply(changes: readonly Change[]): void {
    for (const change of changes) {
      if ('put' in change && change.put === 'execution') this.executions.push(change.execution)
      else if ('patch' in change && change.patch === 'execution') {
        this.executions = this.executions.map((execution) => (execution.ID === change.id ? { ...execution, ...change.fields } : execution))
      } else if ('patch' in change) this.job = { ...this.job, ...change.fields }
      else if ('add' in change) this.told.push(change.entry.Event.Message)
    }
  }

  execution(id: string): StoredExecution {
    const found = this.executions.find(({ ID }) => ID === id)
    if (found === undefined) throw new Error(`no execution ${id}`)
    return found
  }

  /** Compute states as their numbers, in the order of the executions. */
  states(): number[] {
    return this.executions.map(({ ComputeState }) => ComputeState.StateType)
  }
}
