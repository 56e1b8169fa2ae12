import type { InputSource, Job, JobType, Network, PortMapping, SpecConfig, Task } from '../../../shared/models/job'
import { jobTypes } from '../../../shared/models/job'
import { computeStates, desiredStates } from '../../../shared/models/execution'
import type { MessagePayload } from '../../../shared/wire/messages'

type WireExecution = NonNullable<MessagePayload<'AskForBid'>['Execution']>
type WireJob = NonNullable<WireExecution['Job']>
type WireTask = NonNullable<NonNullable<WireJob['Tasks']>[number]>

/** What an orchestrator asks of this node, with nothing of the wire's gaps left in it. */
export interface Work {
  readonly executionId: string
  readonly jobId: string
  readonly jobType: string
  /** Filled in; its first task is what runs. */
  readonly job: Job
  readonly task: Task
  readonly partition: number
  /** To be run without asking back (ops and daemon jobs). */
  readonly runAtOnce: boolean
}

type ReadWork =
  | { readonly kind: 'work'; readonly work: Work }
  /** Acknowledged and left at that, as by a real node. */
  | { readonly kind: 'dropped'; readonly reason: string }
  /** Answered with a refused bid: nobody waits for an answer that never comes. */
  | { readonly kind: 'unfit'; readonly executionId: string; readonly jobId: string; readonly jobType: string; readonly reason: string }

/** Reads the execution of an `AskForBid`. Pure. */
export function readWork(execution: WireExecution | null | undefined): ReadWork {
  if (execution === null || execution === undefined || execution.ID === '') return { kind: 'dropped', reason: 'it names no execution' }
  const { ID: executionId, Job: job } = execution
  if (job === null || job === undefined) return { kind: 'dropped', reason: 'it holds no job' }
  const state = execution.ComputeState?.StateType
  if (state !== computeStates.New && state !== computeStates.BidAccepted) return { kind: 'dropped', reason: `its state is ${state ?? 0}` }
  if (execution.Revision > 1) return { kind: 'dropped', reason: `its revision is ${execution.Revision}` }
  const about = { executionId, jobId: execution.JobID === '' ? job.ID : execution.JobID, jobType: job.Type }
  const unfit = (reason: string): ReadWork => ({ kind: 'unfit', ...about, reason })
  const type = jobTypes.find((each) => each === job.Type)
  const task = job.Tasks?.[0]
  if (type === undefined) return unfit(`this node does not know jobs of the type "${job.Type}"`)
  if (task === null || task === undefined) return unfit('the job has no task')
  const filled = fillTask(task)
  if (filled.Name === '') return unfit('the task of the job has no name')
  if (filled.Engine.Type === '') return unfit('the task of the job names no engine')
  return {
    kind: 'work',
    work: {
      ...about,
      job: fillJob(job, type, filled),
      task: filled,
      partition: execution.PartitionIndex,
      runAtOnce: execution.DesiredState?.StateType === desiredStates.Running || state === computeStates.BidAccepted,
    },
  }
}

/** Whether a job's work is over when its program has ended. */
export function endsByItself({ jobType }: Pick<Work, 'jobType'>): boolean {
  return jobType === 'batch' || jobType === 'ops'
}

function fillJob(job: WireJob, type: JobType, task: Task): Job {
  return {
    ID: job.ID,
    Name: job.Name,
    Namespace: job.Namespace,
    Type: type,
    Priority: job.Priority,
    Count: job.Count,
    Constraints: (job.Constraints ?? []).map(({ Key, Operator, Values }) => ({ Key, Operator, ...(Values ? { Values } : {}) })),
    Meta: job.Meta ?? {},
    Labels: job.Labels ?? {},
    Tasks: [task],
    State: { StateType: 'Pending' },
    Version: job.Version,
    Revision: job.Revision,
    CreateTime: job.CreateTime,
    ModifyTime: job.ModifyTime,
  }
}

function fillTask(task: WireTask): Task {
  const network = task.Network
  const ports = network?.['Ports']
  return {
    Name: task.Name,
    Engine: fillSpec(task.Engine),
    Publisher: fillSpec(task.Publisher),
    Env: task.Env ?? {},
    Meta: task.Meta ?? {},
    InputSources: (task.InputSources ?? []).map(({ Source, Alias, Target }): InputSource => ({
      Source: fillSpec(Source),
      Target,
      ...(Alias === '' ? {} : { Alias }),
    })),
    ResultPaths: (task.ResultPaths ?? []).map(({ Name, Path }) => ({ Name, Path })),
    Resources: task.Resources ?? {},
    Network: network === null || network === undefined ? {} : fillNetwork(network.Type, network.Domains, ports),
    Timeouts: task.Timeouts ?? {},
  }
}

function fillNetwork(type: string, domains: readonly string[] | null | undefined, ports: unknown): Network {
  return {
    ...(type === '' ? {} : { Type: type }),
    ...(domains ? { Domains: domains } : {}),
    ...(Array.isArray(ports) ? { Ports: ports.filter(isPort) } : {}),
  }
}

function isPort(value: unknown): value is PortMapping {
  return typeof value === 'object' && value !== null && 'Name' in value && typeof value.Name === 'string'
}

function fillSpec(spec: { readonly Type: string; readonly Params?: Record<string, unknown> | null } | null | undefined): SpecConfig {
  return { Type: spec?.Type ?? '', ...(spec?.Params ? { Params: spec.Params } : {}) }
}
