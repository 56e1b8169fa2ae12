import { describe, expect, it } from 'vitest'
import { refuseWork } from '../../../electron/compute/refuse-work'
import { readPayload } from '../../../shared/wire/messages'

const ask = (desired: number, engine = 'wasm') =>
  readPayload('AskForBid', {
    Events: null,
    Execution: {
      ID: 'e-1',
      JobID: 'j-1',
      Job: { ID: 'j-1', Type: 'ops', Tasks: [{ Name: 'main', Engine: { Type: engine } }] },
      DesiredState: { StateType: desired },
    },
  })

describe('work that this node cannot do', () => {
  it('is refused with a reason when a bid is asked for', () => {
    expect(refuseWork(ask(0), 0)).toEqual({
      type: 'BidResult',
      payload: {
        ExecutionID: 'e-1',
        JobID: 'j-1',
        JobType: 'ops',
        Accepted: false,
        Events: [
          { Message: 'rejected bid: this node does not run jobs yet', Topic: 'Exec Scanning', Timestamp: '1970-01-01T00:00:00Z', Details: {} },
        ],
      },
    })
  })

  it('names the engine that is missing', () => {
    expect(JSON.stringify(refuseWork(ask(0, 'perpetuum'), 0))).toContain('does not support \\"perpetuum\\"')
  })

  it('is told as failed when it was to run at once', () => {
    expect(refuseWork(ask(1), 0)).toMatchObject({ type: 'ComputeError', payload: { ExecutionID: 'e-1', Events: [{ Details: { IsError: 'true' } }] } })
  })

  it('without an execution has no answer', () => {
    expect(refuseWork(readPayload('AskForBid', {}), 0)).toBeUndefined()
    expect(refuseWork(readPayload('AskForBid', { Execution: {} }), 0)).toBeUndefined()
  })
})
