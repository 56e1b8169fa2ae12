/** One thing that happened, in words. `Timestamp` is RFC 3339; `Details` are flags and values as text (`IsError: "true"`, `Hint`, `NodeID`, …). */
interface Event {
  readonly Message: string
  readonly Topic: string
  readonly Timestamp: string
  readonly Details?: Readonly<Record<string, string>>
}

/** An entry of a job's history. `SeqNum` counts from 1 within the job, over all its versions. */
export interface JobHistory {
  readonly SeqNum: number
  readonly Type: 'JobLevel' | 'ExecutionLevel'
  readonly JobID: string
  readonly JobVersion: number
  readonly ExecutionID?: string
  readonly Event: Event
  readonly Time: string
}

/** Topics that Bacalhau's clients know. */
export const topics = {
  submission: 'Submission',
  stateUpdate: 'State Update',
  scheduling: 'Scheduling',
  queueing: 'Queueing',
  jobTimeout: 'Job Timeout',
  executionTimeout: 'Exec Timeout',
  execution: 'Execution',
  scanning: 'Exec Scanning',
  running: 'Running Execution',
  publishing: 'Publishing Results',
} as const
