import { formatDuration } from '../../../shared/duration'
import { topics } from '../../../shared/models/job-history'
import type { RunOutput } from '../../../shared/models/execution'
import type { SpecConfig } from '../../../shared/models/job'
import type { MessageInput } from '../../../shared/wire/messages'
import { goTime } from '../../../shared/wire/times'
import type { Outgoing } from '../connection/outgoing'
import { endsByItself } from './work'

/** Whose execution something is told of; job and type must be the job's own. */
export interface About {
  readonly executionId: string
  readonly jobId: string
  readonly jobType: string
}

/** Why an execution failed, and while what. `code`, `hint`: as of an AppError. */
export interface ExecutionFailure {
  readonly topic: (typeof topics)['scanning' | 'running' | 'publishing' | 'execution']
  readonly message: string
  readonly hint?: string
  readonly code?: string
}

type OutgoingEvent = NonNullable<MessageInput<'ComputeError'>['Events']>[number]

/** @param reasons undefined for a bid that is made */
export function bidResult(about: About, reasons: readonly string[] | undefined, now: number): Outgoing {
  const Events = reasons === undefined ? null : [event(topics.scanning, `rejected bid: ${reasons.join('; ')}`, now)]
  return { type: 'BidResult', payload: { Events, Accepted: reasons === undefined, ...aboutFields(about) } }
}

/** Of a service or daemon that has ended by itself, too: what it printed tells why, and the orchestrator takes it for failed. */
export function runResult(about: About, { published, output }: { published: SpecConfig; output: RunOutput }, now: number): Outgoing {
  const message = `The program ended by itself with exit code ${output.ExitCode}; a ${about.jobType} is to run on`
  const Events = endsByItself(about)
    ? [event(topics.execution, 'Completed successfully', now)]
    : [event(topics.running, message, now, { IsError: 'true', ErrorCode: 'service.ended' })]
  return { type: 'RunResult', payload: { Events, PublishResult: published, RunCommandResult: { ...output }, ...aboutFields(about) } }
}

/** An execution has failed on this node. The keys of `Details` are Bacalhau’s; orchestrators read them. */
export function computeError(about: About, { topic, message, hint, code }: ExecutionFailure, now: number): Outgoing {
  const details = { IsError: 'true', ...(hint === undefined ? {} : { Hint: hint }), ...(code === undefined ? {} : { ErrorCode: code }) }
  return { type: 'ComputeError', payload: { Events: [event(topic, message, now, details)], ...aboutFields(about) } }
}

/** What is told of an execution that a restart of the node has ended. */
export function restartError(about: About, now: number): Outgoing {
  const Events = [event(topics.execution, 'Failing due to node restart', now, { FailsExecution: 'true' })]
  return { type: 'ComputeError', payload: { Events, ...aboutFields(about) } }
}

/** @param seconds the limit, as the job says it */
export function timeoutFailure(seconds: number): ExecutionFailure {
  return {
    topic: topics.running,
    message: `Execution timed out after ${formatDuration(seconds * 1000)}`,
    hint: 'Give the task a longer ExecutionTimeout, or more resources.',
  }
}

function event(topic: string, message: string, now: number, details?: Readonly<Record<string, string>>): OutgoingEvent {
  const told = { Message: message, Topic: topic, Timestamp: goTime(now) }
  return details === undefined ? told : { Details: { ...details }, ...told }
}

function aboutFields({ executionId, jobId, jobType }: About): { ExecutionID: string; JobID: string; JobType: string } {
  return { ExecutionID: executionId, JobID: jobId, JobType: jobType }
}
