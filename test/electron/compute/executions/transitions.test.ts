import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ExecutionStep, isEnded, recoveryOf, stateAfter } from '../../../../electron/compute/executions/transitions'
import { computeStates as states, type ComputeStateType } from '../../../../shared/models/execution'

const steps: readonly ExecutionStep[] = [
  'bid',
  'bid-refused',
  'approved',
  'bid-rejected',
  'started',
  'publishing',
  'completed',
  'failed',
  'cancelled',
  'run-again',
]
const all = Object.values(states)

describe('the states of an execution on its node', () => {
  it('take the ways that the protocol knows', () => {
    const path = (...taken: ExecutionStep[]) =>
      taken.reduce<ComputeStateType | undefined>((state, step) => (state === undefined ? undefined : stateAfter(state, step)), states.New)
    expect(path('bid', 'approved', 'started', 'publishing', 'completed')).toBe(states.Completed)
    expect(path('approved', 'started', 'completed')).toBe(states.Completed)
    expect(path('bid-refused')).toBe(states.AskForBidRejected)
    expect(path('bid', 'bid-rejected')).toBe(states.BidRejected)
    expect(path('bid', 'approved', 'cancelled')).toBe(states.Cancelled)
    expect(path('bid', 'approved', 'started', 'run-again', 'started')).toBe(states.Running)
    expect(path('bid', 'completed')).toBeUndefined()
    expect(path('bid', 'approved', 'approved')).toBeUndefined()
  })

  it('never lead out of an end, whatever comes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...all.filter(isEnded)), fc.constantFrom(...steps), (state, step) => {
        expect(stateAfter(state, step)).toBeUndefined()
      }),
    )
  })

  it('can be cancelled and fail until then', () => {
    for (const state of [states.New, states.AskForBidAccepted, states.BidAccepted, states.Running, states.Publishing]) {
      expect(stateAfter(state, 'cancelled')).toBe(states.Cancelled)
      expect(stateAfter(state, 'failed')).toBe(states.Failed)
    }
  })

  it('say what a node that starts anew does', () => {
    expect(
      [states.New, states.AskForBidAccepted, states.BidAccepted, states.Running, states.Publishing, states.Completed].map((state) =>
        recoveryOf(state, true),
      ),
    ).toEqual(['bid', 'wait', 'fail', 'fail', 'fail', 'none'])
    expect(recoveryOf(states.Running, false)).toBe('run')
    expect(recoveryOf(states.New, false)).toBe('bid')
  })
})
