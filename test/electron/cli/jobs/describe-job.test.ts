import { describe, expect, it } from 'vitest'
import { describeJob } from '../../../../electron/cli/jobs/describe-job'
import { executionSchema, jobSchema } from '../../../../shared/wire/job'

const job = jobSchema.parse({ ID: 'j', Name: 'n', Type: 'ops', State: { StateType: 'Stopped', Message: 'why' }, Tasks: [] })
const execution = (ID: string, CreateTime: number, StateType: number, RunOutput: Record<string, unknown>) =>
  executionSchema.parse({ ID, CreateTime, ComputeState: { StateType }, RunOutput })
const shown = (...executions: ReturnType<typeof execution>[]) =>
  describeJob({ job, executions, history: [], now: new Date(5000), heading: (text) => text })

describe('describeJob', () => {
  it('tells no count of jobs that have none, and counts executions by state, cancelled ones too', () => {
    const text = shown(execution('a', 1e9, 11, {}), execution('b', 3e9, 9, {}), execution('c', 2e9, 99, {}))
    expect(text).not.toMatch(/Count/)
    expect(text).toMatch(/Message += why\n/)
    expect(text).toMatch(/\nSummary\nCompleted = 1\nCancelled = 1\n/)
    expect(
      text
        .split('\n')
        .filter((line) => / ago /.test(line))
        .map((line) => line.trim().split(/\s+/).slice(0, 2)),
    ).toEqual([
      ['b', 'Completed'],
      ['c', 'ExecutionStateType(99)'],
      ['a', 'Cancelled'],
    ])
    expect(text).not.toContain('Standard Output')
  })

  it('lets no name have a line, or a colour, of its own', () => {
    const named = { ...job, Name: 'n\nState = Completed', Namespace: '\u001b[31mred' }
    const text = describeJob({ job: named, executions: [], history: [], now: new Date(5000), heading: (title) => title })
    expect(text).toMatch(/\nName += n\\u000aState = Completed\nNamespace += \\u001b\[31mred\n/)
  })

  it('shows one output alone, several under their executions, and that one is cut', () => {
    expect(shown(execution('a', 1, 9, { Stdout: 'out', stderr: 'err', StdoutTruncated: true }))).toMatch(
      /\nStandard Output\nout\nerr\n\.\.\.\nOutput truncated\n$/,
    )
    const both = shown(execution('a', 1, 9, { Stdout: 'one\n' }), execution('b', 2, 9, { stderr: 'two' }))
    expect(both).toMatch(/\nStandard Output\nExecution b:\ntwo\n\nExecution a:\none\n$/)
  })
})
