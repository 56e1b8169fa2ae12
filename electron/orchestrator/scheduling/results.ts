import { computeStates, desiredStates, type ComputeStateType, type Execution, type RunOutput } from '../../../shared/models/execution'
import { isTerminalExecution } from '../../../shared/models/execution-state'
import type { Job } from '../../../shared/models/job'
import { topics } from '../../../shared/models/job-history'
import { forgottenByNode } from '../../../shared/placement/lost-execution'
import type { MessagePayload } from '../../../shared/wire/messages'
import { boundedEvents, boundedOutput, boundedPublished, cutMessage } from './bounded-words'
import { history } from './history'
import type { Change, ExecutionPatch } from './plan'

interface ResultInput<Message> {
  readonly execution: Omit<Execution, 'Job'>
  /** The version of the job that the execution belongs to. */
  readonly job: Job
  /** Unix milliseconds. */
  readonly now: number
  readonly message: Message
}

const { Pending, Running, Stopped } = desiredStates

/** A node says whether it takes an execution. No change: it is too late for that. */
export function onBidResult({ execution, now, message }: ResultInput<MessagePayload<'BidResult'>>): Change[] {
  const desired = execution.DesiredState.StateType
  const compute = execution.ComputeState.StateType
  const isAsked = compute === computeStates.New || compute === computeStates.AskForBid
  if (isTerminalExecution(execution) || !isAsked || (desired !== Pending && desired !== Running)) return []
  if (message.Accepted) {
    // An execution that runs without a bid has nothing to learn from one.
    return desired === Running ? [] : [patch(execution, now, { ComputeState: { StateType: computeStates.AskForBidAccepted } })]
  }
  const reason = cutMessage(message.Events?.[0]?.Message ?? 'The node refused, without a reason.')
  return [
    patch(execution, now, {
      DesiredState: { StateType: Stopped, Message: 'bid rejected' },
      ComputeState: { StateType: computeStates.AskForBidRejected, Message: reason },
    }),
    ...toldBy(execution, now, message.Events, { message: reason, topic: topics.scanning }),
  ]
}

/** A node has run an execution to its end. */
export function onRunResult({ execution, job, now, message }: ResultInput<MessagePayload<'RunResult'>>): Change[] {
  if (isTerminalExecution(execution) || execution.DesiredState.StateType !== Running) return []
  const RunOutput = outputOf(message.RunCommandResult)
  const { Type = '', Params } = boundedPublished(message.PublishResult) ?? {}
  const PublishedResult = { Type, ...(Params == null ? {} : { Params }) }
  const told = toldBy(execution, now, message.Events, { message: 'Completed successfully', topic: topics.execution })
  if (job.Type === 'service' || job.Type === 'daemon') {
    const reason = 'execution completed unexpectedly'
    return [
      patch(execution, now, { PublishedResult, RunOutput, ...ended(computeStates.Failed, reason, reason) }),
      ...told,
      ...(isToldAsError(message.Events) ? [] : [failure(execution, now, reason)]),
    ]
  }
  const exitCode =
    RunOutput.ExitCode === 0
      ? []
      : [
          history(
            execution,
            {
              message: `The program ended with exit code ${RunOutput.ExitCode}`,
              topic: topics.execution,
              details: { ExitCode: String(RunOutput.ExitCode) },
            },
            now,
          ),
        ]
  return [
    patch(execution, now, { PublishedResult, RunOutput, ...ended(computeStates.Completed, 'execution completed', execution.ComputeState.Message) }),
    ...told,
    ...exitCode,
  ]
}

/** A node could not take, or not finish, an execution. */
export function onComputeError({ execution, now, message }: ResultInput<MessagePayload<'ComputeError'>>): Change[] {
  if (isTerminalExecution(execution)) return []
  const reason = cutMessage(message.Events?.[0]?.Message ?? 'The node failed, without a reason.')
  return [
    patch(execution, now, ended(computeStates.Failed, 'execution failed', reason)),
    ...toldBy(execution, now, message.Events, { message: reason, topic: topics.running, details: { IsError: 'true' } }),
  ]
}

/** A node has come back without it: what it keeps has been lost. */
export function onForgotten(execution: Omit<Execution, 'Job'>, now: number): Change[] {
  if (isTerminalExecution(execution)) return []
  const { NodeID } = execution
  const reason = forgottenByNode(NodeID)
  const details = { IsError: 'true', NodeID, Hint: 'Its data directory was removed, or is another one than before.' }
  return [
    patch(execution, now, ended(computeStates.Failed, 'execution failed', reason)),
    history(execution, { message: reason, topic: topics.scheduling, details }, now),
  ]
}

function ended(
  compute: ComputeStateType,
  desiredMessage: string,
  computeMessage: string | undefined,
): Pick<ExecutionPatch, 'DesiredState' | 'ComputeState'> {
  return {
    DesiredState: { StateType: Stopped, Message: desiredMessage },
    ComputeState: { StateType: compute, ...(computeMessage === undefined ? {} : { Message: computeMessage }) },
  }
}

function patch({ ID, Revision }: Omit<Execution, 'Job'>, now: number, fields: Omit<ExecutionPatch, 'Revision' | 'ModifyTime'>): Change {
  return { patch: 'execution', id: ID, fields: { Revision: Revision + 1, ModifyTime: Math.trunc(now) * 1_000_000, ...fields } }
}

function failure(execution: Omit<Execution, 'Job'>, now: number, message: string): Change {
  return history(execution, { message, topic: topics.execution, details: { IsError: 'true' } }, now)
}

/** A node of Bacalhau tells the end of a service as a success; one of Shoal tells what is wrong with it. */
function isToldAsError(events: MessagePayload<'RunResult'>['Events']): boolean {
  return events?.some(({ Details }) => Details?.['IsError'] === 'true') === true
}

/** The node's own words, or ours where it sent none. */
function toldBy(
  execution: Omit<Execution, 'Job'>,
  now: number,
  events: MessagePayload<'ComputeError'>['Events'],
  otherwise: { readonly message: string; readonly topic: string; readonly details?: Readonly<Record<string, string>> },
): Change[] {
  const bounded = boundedEvents(events)
  if (bounded == null || bounded.length === 0) return [history(execution, otherwise, now)]
  return bounded.map(({ Message, Topic, Timestamp, Details }) =>
    history(
      execution,
      { message: Message, topic: Topic, ...(Timestamp === '' ? {} : { at: Timestamp }), ...(Details == null ? {} : { details: Details }) },
      now,
    ),
  )
}

function outputOf(result: MessagePayload<'RunResult'>['RunCommandResult']): RunOutput {
  const { Stdout = '', StdoutTruncated = false, stderr = '', StderrTruncated = false, ExitCode = 0, ErrorMsg = '' } = boundedOutput(result) ?? {}
  return { Stdout, StdoutTruncated, stderr, StderrTruncated, ExitCode, ErrorMsg }
}
