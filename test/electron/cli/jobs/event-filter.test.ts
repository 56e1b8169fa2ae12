import { describe, expect, it } from 'vitest'
import { createEventFilter } from '../../../../electron/cli/jobs/event-filter'
import type { ShownHistory } from '../../../../electron/cli/jobs/job-answers'

const entry = (Type: string, isError = false): ShownHistory => ({
  ...{ SeqNum: 1, Type, JobID: 'j', JobVersion: 1, ExecutionID: '', Time: '' },
  Event: { Message: '', Topic: '', Timestamp: '', ...(isError ? { Details: { IsError: 'true' } } : {}) },
})
const [job, jobError, execution, executionError] = [
  entry('JobLevel'),
  entry('JobLevel', true),
  entry('ExecutionLevel'),
  entry('ExecutionLevel', true),
]

describe('which events are shown', () => {
  it.each([
    ['the first one, and all of executions', [job, execution, job, execution], [true, true, false, true]],
    ['an error of the job where no execution told one', [job, jobError], [true, true]],
    ['errors of executions, and not that of the job after them', [job, executionError, executionError, jobError], [true, true, true, false]],
  ])('%s', (_, entries, expected) => expect(entries.map(createEventFilter())).toEqual(expected))
})
