import type { Execution } from '../../../shared/models/execution'
import type { Job } from '../../../shared/models/job'
import { goTime } from '../../../shared/wire/times'
import type { Change } from './plan'

/** What is told in a history. `at`: as the node tells the time, where it does. */
export interface Told {
  readonly message: string
  readonly topic: string
  readonly details?: Readonly<Record<string, string>>
  readonly at?: string
}

/** An entry about a job, or about one of its executions. `now` in Unix milliseconds. */
export function history(about: Job | Omit<Execution, 'Job'>, { message, topic, details, at }: Told, now: number): Change {
  const Time = goTime(now)
  const Event = { Message: message, Topic: topic, Timestamp: at ?? Time, ...(details === undefined ? {} : { Details: details }) }
  if ('JobID' in about) {
    const { JobID, JobVersion, ID } = about
    return { add: 'history', jobId: JobID, entry: { Type: 'ExecutionLevel', JobID, JobVersion, ExecutionID: ID, Event, Time } }
  }
  return { add: 'history', jobId: about.ID, entry: { Type: 'JobLevel', JobID: about.ID, JobVersion: about.Version, Event, Time } }
}
