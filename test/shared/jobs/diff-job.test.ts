import { describe, expect, it } from 'vitest'
import { diffJob } from '../../../shared/jobs/diff-job'
import { normalizeJob } from '../../../shared/jobs/normalize-job'
import { readJob } from '../../../shared/jobs/read-job'
import { sampleSpec } from './sample-spec'

const job = (fields?: Readonly<Record<string, unknown>>, task?: Readonly<Record<string, unknown>>) =>
  normalizeJob(readJob(sampleSpec(fields, task))).job

describe('diffJob', () => {
  it('tells what is stored and what was sent', () => {
    const text = diffJob(job({ Labels: { stage: 'one' } }), job({ Priority: 5, Labels: { stage: 'two' } }, { Env: { LEVEL: 'high' } }))
    expect(text.split('\n')).toEqual([
      '  Job sample',
      '- Priority: 0',
      '+ Priority: 5',
      '- Labels.stage: "one"',
      '+ Labels.stage: "two"',
      '+ Tasks[0].Env.LEVEL: "high"',
      '',
    ])
  })

  it('ignores what only the server sets, and the case of amounts', () => {
    const stored = { ...job(), ID: 'j-1', Version: 3, Revision: 9, CreateTime: 1, ModifyTime: 2, State: { StateType: 'Failed' as const } }
    expect(diffJob({ ...stored, Meta: { 'bacalhau.org/requester.id': 'n-1' } }, job())).toBe('')
    const upper = job()
    const tasks = upper.Tasks.map((task) => ({ ...task, Resources: { Memory: '512MB' } }))
    expect(diffJob(job({}, { Resources: { Memory: '512mb' } }), { ...upper, Tasks: tasks })).toBe('')
  })

  it('sees meta of the user, and another type', () => {
    expect(diffJob(job({ Meta: { a: '1' } }), job({ Type: 'service' }))).toBe('  Job sample\n- Type: "batch"\n+ Type: "service"\n- Meta.a: "1"\n')
  })
})
