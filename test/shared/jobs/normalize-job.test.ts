import { describe, expect, it } from 'vitest'
import { normalizeJob } from '../../../shared/jobs/normalize-job'
import { readJob } from '../../../shared/jobs/read-job'
import { sampleSpec } from './sample-spec'

const normal = (fields?: Readonly<Record<string, unknown>>, task?: Readonly<Record<string, unknown>>) =>
  normalizeJob(readJob(sampleSpec(fields, task)))

describe('normalizeJob', () => {
  it.each([
    ['batch', undefined, 1],
    ['service', undefined, 1],
    ['batch', 0, 0],
    ['service', 3, 3],
    ['daemon', 1, 0],
    ['ops', 1, 0],
  ])('%s with count %s becomes %d', (Type, Count, expected) => expect(normal({ Type, Count }).job.Count).toBe(expected))

  it.each([
    ['batch', ''],
    ['ops', ''],
    ['service', 'j-mine'],
    ['daemon', 'j-mine'],
  ])('a %s with an ID has %j', (Type, expected) => expect(normal({ Type, ID: 'j-mine' }).job.ID).toBe(expected))

  it('lower-cases amounts and takes blanks out', () => {
    expect(normal({}, { Resources: { CPU: '0.5', Memory: '512 MB', Disk: '', GPU: null } }).job.Tasks[0]?.Resources).toEqual({
      CPU: '0.5',
      Memory: '512mb',
    })
  })

  it('writes the network in its own case and leaves empty parts out', () => {
    expect(normal({}, { Network: { type: 'hTtP', domains: ['Example.ORG'], ports: [] } }).job.Tasks[0]?.Network).toEqual({
      Type: 'HTTP',
      Domains: ['example.org'],
    })
    expect(normal({}, { Env: {}, Meta: null, InputSources: [], Timeouts: { QueueTimeout: 0 } }).job.Tasks[0]).toEqual({
      Name: 'main',
      Engine: { Type: 'wasm', Params: { EntryModule: '/m.wasm' } },
      Publisher: { Type: '' },
      Resources: {},
      Network: { Type: 'Default' },
      Timeouts: {},
    })
  })

  it('reads null as absent everywhere', () => {
    const { job } = normal({ Labels: null, Constraints: null, Meta: null, Namespace: null, Count: null, Priority: null })
    expect(job).toMatchObject({ Labels: {}, Constraints: [], Meta: {}, Namespace: 'default', Count: 1, Priority: 0 })
  })

  it('keeps one task and warns of the others', () => {
    const [task] = sampleSpec().Tasks as unknown[]
    const { job, warnings } = normal({ Tasks: [task, task] })
    expect(job.Tasks).toHaveLength(1)
    expect(warnings).toEqual(['only one task is supported per job'])
  })

  it('says nothing of a state that is undefined or unknown', () => {
    expect(normal({ State: { StateType: 'Undefined' } }).warnings).toEqual([])
    expect(normal({ State: { StateType: 'odd' } }).warnings).toEqual([])
    expect(normal({ State: { StateType: 'running' } }).warnings).toEqual(['job state is ignored when submitting a job'])
  })
})
