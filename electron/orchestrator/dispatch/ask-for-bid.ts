import type { Execution } from '../../../shared/models/execution'
import { computeStates, desiredStates } from '../../../shared/models/execution'
import type { Job, Task } from '../../../shared/models/job'

const noOutput = { Stdout: '', StdoutTruncated: false, stderr: '', StderrTruncated: false, ExitCode: 0, ErrorMsg: '' }
/** Room for the envelope, for headers and for what a real execution's ids need beyond the specimen's. */
const reserveBytes = 1536

/**
 * The payload that asks a node for a bid: the execution as it was made, whatever has become of it since. A node
 * takes only Revision 1, and crashes on a job without Meta.
 */
export function askForBid(execution: Omit<Execution, 'Job'>, job: Job): { readonly Events: null; readonly Execution: Execution } {
  const runsAtOnce = job.Type === 'ops' || job.Type === 'daemon'
  const { PartitionIndex: partition = 0 } = execution
  return {
    Events: null,
    Execution: {
      ID: execution.ID,
      Namespace: execution.Namespace,
      EvalID: execution.EvalID,
      Name: execution.Name,
      NodeID: execution.NodeID,
      JobID: execution.JobID,
      Job: jobForNode(job),
      JobVersion: execution.JobVersion,
      AllocatedResources: execution.AllocatedResources,
      DesiredState: { StateType: runsAtOnce ? desiredStates.Running : desiredStates.Pending },
      ComputeState: { StateType: computeStates.New },
      PublishedResult: { Type: '' },
      RunOutput: noOutput,
      PreviousExecution: execution.PreviousExecution,
      NextExecution: '',
      FollowupEvalID: '',
      ...(partition === 0 ? {} : { PartitionIndex: partition }),
      Revision: 1,
      CreateTime: execution.CreateTime,
      ModifyTime: execution.CreateTime,
    },
  }
}

/** The job as older nodes know it: never begun, network `Host` under its former name, network `Default` not told. */
function jobForNode(job: Job): Job {
  return { ...job, Meta: { ...job.Meta }, Tasks: job.Tasks.map(taskForNode), State: { StateType: 'Pending' }, Revision: 1 }
}

function taskForNode(task: Task): Task {
  const kind = (task.Network.Type ?? '').toLowerCase()
  if (kind === 'host') return { ...task, Network: { ...task.Network, Type: 'Full' } }
  if (kind !== '' && kind !== 'default') return task
  const { Network: _, ...rest } = task
  return rest as Task
}

/** Bytes that a request for a bid on this job takes on the wire: what cannot be sent must not be accepted. */
export function askForBidBytes(job: Job): number {
  const id = 'x'.repeat(40)
  const payload = askForBid(
    {
      ID: id,
      Namespace: job.Namespace,
      EvalID: id,
      Name: '',
      NodeID: 'x'.repeat(128),
      JobID: id,
      JobVersion: job.Version,
      AllocatedResources: { Tasks: {} },
      DesiredState: { StateType: desiredStates.Pending },
      ComputeState: { StateType: computeStates.New },
      PublishedResult: { Type: '' },
      RunOutput: noOutput,
      PreviousExecution: id,
      NextExecution: '',
      FollowupEvalID: '',
      PartitionIndex: Math.max(0, job.Count - 1),
      Revision: 1,
      CreateTime: job.CreateTime,
      ModifyTime: job.CreateTime,
    },
    job,
  )
  return Buffer.byteLength(JSON.stringify(payload)) + reserveBytes
}
