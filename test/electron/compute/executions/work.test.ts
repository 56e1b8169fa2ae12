import { describe, expect, it } from 'vitest'
import { readWork } from '../../../../electron/compute/executions/work'
import { readPayload } from '../../../../shared/wire/messages'

const job = {
  ID: 'j-1',
  Name: 'demo',
  Namespace: 'default',
  Type: 'batch',
  Count: 1,
  Meta: {},
  Tasks: [{ Name: 'main', Engine: { Type: 'wasm', Params: { EntryModule: '/m' } } }],
}
const execution = { ID: 'e-1', JobID: 'j-1', Job: job, DesiredState: { StateType: 0 }, ComputeState: { StateType: 1 }, Revision: 1 }
const read = (change: object) => readWork(readPayload('AskForBid', { Execution: { ...execution, ...change } }).Execution)

describe('a request for a bid', () => {
  it('is read with every gap filled', () => {
    expect(read({ PartitionIndex: 2 })).toMatchObject({
      kind: 'work',
      work: {
        executionId: 'e-1',
        jobType: 'batch',
        partition: 2,
        runAtOnce: false,
        task: { Name: 'main', Publisher: { Type: '' }, Env: {}, InputSources: [], ResultPaths: [], Resources: {}, Network: {}, Timeouts: {} },
      },
    })
  })

  it('says that it is to run at once, by either state', () => {
    expect(read({ DesiredState: { StateType: 1 } })).toMatchObject({ work: { runAtOnce: true } })
    expect(read({ ComputeState: { StateType: 5 } })).toMatchObject({ work: { runAtOnce: true } })
  })

  it.each([
    ['no id', { ID: '' }],
    ['no job', { Job: null }],
    ['no state', { ComputeState: null }],
    ['a state of later', { ComputeState: { StateType: 6 } }],
    ['a later revision', { Revision: 2 }],
  ])('with %s is dropped', (_, change) => expect(read(change).kind).toBe('dropped'))

  it.each([
    ['without a task', { Tasks: [] }, 'no task'],
    ['without a name', { Tasks: [{ Engine: { Type: 'wasm' } }] }, 'no name'],
    ['without an engine', { Tasks: [{ Name: 'main' }] }, 'no engine'],
    ['of an unknown type', { Type: 'cron' }, '"cron"'],
  ])('for a job %s is unfit, and told so', (_, change, reason) => {
    expect(read({ Job: { ...job, ...change } })).toMatchObject({
      kind: 'unfit',
      executionId: 'e-1',
      reason: expect.stringContaining(reason) as string,
    })
  })
})
