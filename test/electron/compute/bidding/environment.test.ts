import { describe, expect, it } from 'vitest'
import { environmentFaults, isAllowed, programEnvironment } from '../../../../electron/compute/bidding/environment'
import { readWork } from '../../../../electron/compute/executions/work'
import { readPayload } from '../../../../shared/wire/messages'

describe('variables of the node', () => {
  it.each([
    ['HOME', ['HOME'], true],
    ['MY_HOME', ['HOME'], false],
    ['HOME_OF', ['HOME'], false],
    ['APP_KEY', ['APP_*'], true],
    ['XAPP_KEY', ['APP_*'], false],
    ['A1', ['A?'], true],
    ['A.B', ['A.B'], true],
    ['AxB', ['A.B'], false],
    ['X', [], false],
  ])('%s with the list %j: %s', (name, list, allowed) => expect(isAllowed(name, list)).toBe(allowed))

  it('are refused with the reason', () => {
    const host = { APP_KEY: 'k' }
    expect(environmentFaults({ A: 'env:APP_KEY', B: 'literal', C: 'other:x' }, ['APP_*'], host)).toEqual([])
    expect(environmentFaults({ A: 'env:APP_KEY' }, [], host)).toEqual([
      'this node does not resolve environment variable A: APP_KEY is not in Compute.Env.AllowList',
    ])
    expect(environmentFaults({ A: 'env:APP_NONE' }, ['APP_*'], host)).toEqual([
      'this node does not resolve environment variable A: APP_NONE is not set on this node',
    ])
  })

  it('reach the program beside those that tell it where it runs, which nobody can overwrite', () => {
    const read = readWork(
      readPayload('AskForBid', {
        Execution: {
          ID: 'e-1',
          JobID: 'j-1',
          PartitionIndex: 1,
          ComputeState: { StateType: 1 },
          Job: {
            ID: 'j-1',
            Type: 'batch',
            Count: 3,
            Tasks: [{ Name: 'm', Engine: { Type: 'wasm' }, Env: { A: 'env:APP_KEY', B: 'b', BACALHAU_JOB_ID: 'forged' } }],
          },
        },
      }).Execution,
    )
    if (read.kind !== 'work') throw new Error(read.kind)
    expect(programEnvironment(read.work, { APP_KEY: 'k', SECRET: 's' })).toEqual({
      A: 'k',
      B: 'b',
      BACALHAU_EXECUTION_ID: 'e-1',
      BACALHAU_JOB_ID: 'j-1',
      BACALHAU_JOB_TYPE: 'batch',
      BACALHAU_PARTITION_INDEX: '1',
      BACALHAU_PARTITION_COUNT: '3',
    })
  })
})
