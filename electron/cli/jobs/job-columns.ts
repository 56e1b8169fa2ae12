import { computeStates, desiredStates } from '../../../shared/models/execution'
import { shortId } from '../output/human'
import type { Column } from '../output/table'
import { dateOfNanoseconds, elapsed, localDateTime, localTimeOfDay } from '../output/times'
import type { ShownExecution, ShownHistory, ShownJob } from './job-answers'

const timeOfDay = (time: string): string => time.slice(-8)

/** Columns of `job list`. */
export const jobColumns: readonly Column<ShownJob>[] = [
  { head: 'created', value: ({ CreateTime }) => localDateTime(dateOfNanoseconds(CreateTime)), short: timeOfDay },
  { head: 'id', value: ({ ID }) => ID, short: shortId },
  { head: 'name', value: ({ Name }) => Name, width: 40 },
  { head: 'job', value: ({ Tasks }) => Tasks?.[0]?.Engine?.Type ?? '', width: 40 },
  { head: 'type', value: ({ Type }) => Type, width: 8 },
  { head: 'state', value: ({ State }) => State?.StateType ?? '', width: 20 },
]

/** Columns of `job versions`. */
export const versionColumns: readonly Column<ShownJob>[] = [
  { head: 'Created At', value: ({ ModifyTime }) => localDateTime(dateOfNanoseconds(ModifyTime)) },
  { head: 'Job Version', value: ({ Version }) => String(Version) },
]

const executionId: Column<ShownExecution> = { head: 'ID', value: ({ ID }) => ID, short: shortId }
const nodeId: Column<ShownExecution> = { head: 'Node ID', value: ({ NodeID }) => NodeID, short: shortId }
const revision: Column<ShownExecution> = { head: 'Rev.', value: ({ Revision }) => String(Revision) }
const state: Column<ShownExecution> = { head: 'State', value: stateWord }
const desired: Column<ShownExecution> = {
  head: 'Desired',
  value: ({ DesiredState }) => wordOf(desiredStates, DesiredState?.StateType ?? 0),
  width: 10,
}

/** Columns of `job executions`. */
export const executionColumns: readonly Column<ShownExecution>[] = [
  { head: 'Created', value: ({ CreateTime }) => localDateTime(dateOfNanoseconds(CreateTime)), short: timeOfDay },
  { head: 'Modified', value: ({ ModifyTime }) => localDateTime(dateOfNanoseconds(ModifyTime)), short: timeOfDay },
  executionId,
  { head: 'Job Version', value: ({ JobVersion }) => String(JobVersion) },
  nodeId,
  revision,
  state,
  desired,
]

/** Columns of the executions in `job describe`, with times as what has passed until `now`. */
export function describedExecutionColumns(now: Date): readonly Column<ShownExecution>[] {
  return [
    executionId,
    nodeId,
    state,
    desired,
    revision,
    { head: 'Created', value: ({ CreateTime }) => elapsed(dateOfNanoseconds(CreateTime), now) },
    { head: 'Modified', value: ({ ModifyTime }) => elapsed(dateOfNanoseconds(ModifyTime), now) },
    { head: 'Comment', value: ({ ComputeState }) => ComputeState?.Message ?? '', width: 40, breaks: true },
  ]
}

const historyTime: Column<ShownHistory> = { head: 'Time', value: (entry) => localDateTime(occurred(entry)) }
const historyExecution: Column<ShownHistory> = { head: 'Exec. ID', value: ({ ExecutionID }) => ExecutionID, short: shortId }
const topic: Column<ShownHistory> = { head: 'Topic', value: ({ Event }) => Event.Topic, width: 15 }
const event: Column<ShownHistory> = { head: 'Event', value: eventText, width: 90, breaks: true }

/** Columns of `job history`. */
export const historyColumns: readonly Column<ShownHistory>[] = [
  historyTime,
  { head: 'Level', value: ({ Type }) => Type },
  { head: 'Job Version', value: ({ JobVersion }) => String(JobVersion) },
  historyExecution,
  topic,
  event,
]

/** The same where rows are printed as they come. */
export const followedHistoryColumns: readonly Column<ShownHistory>[] = [
  { ...historyTime, minWidth: 19 },
  { head: 'Level', value: ({ Type }) => Type, minWidth: 14 },
  { head: 'Job Version', value: ({ JobVersion }) => String(JobVersion), minWidth: 11 },
  { ...historyExecution, minWidth: 10, minWideWidth: 38 },
  { ...topic, minWidth: 15 },
  event,
]

/** Columns of the histories in `job describe`. */
export const describedHistoryColumns: readonly Column<ShownHistory>[] = [historyTime, topic, event]

/** Columns of what `job run` shows while it waits. */
export const progressColumns: readonly Column<ShownHistory>[] = [
  { head: 'Time', value: (entry) => localTimeOfDay(occurred(entry)), minWidth: 12 },
  { ...historyExecution, minWidth: 10 },
  { ...topic, minWidth: 15 },
  event,
]

/** The word for the state of an execution, in Bacalhau's spelling. */
export function stateWord({ ComputeState }: ShownExecution): string {
  return wordOf(computeStates, ComputeState?.StateType ?? 0)
}

function wordOf(states: Readonly<Record<string, number>>, number: number): string {
  return Object.entries(states).find(([, value]) => value === number)?.[0] ?? `ExecutionStateType(${number})`
}

/** When an entry happened: by the one who saw it, or else by the orchestrator. */
function occurred({ Event, Time }: ShownHistory): Date {
  const told = new Date(Event.Timestamp)
  return Number.isNaN(told.getTime()) || told.getTime() <= 0 ? new Date(Time) : told
}

/** An event in words, with its hint under it. */
function eventText({ Event }: ShownHistory): string {
  const { IsError, Hint = '' } = Event.Details ?? {}
  return `${IsError === 'true' ? 'Error: ' : ''}${Event.Message}${Hint === '' ? '' : `\nHint: ${Hint}`}`
}
