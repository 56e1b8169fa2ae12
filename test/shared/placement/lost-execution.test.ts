import { describe, expect, it } from 'vitest'
import { computeStates } from '../../../shared/models/execution'
import { diedWithNode, lostWithNode } from '../../../shared/placement/lost-execution'

describe('diedWithNode', () => {
  it.each([
    [computeStates.Failed, lostWithNode('n-1'), true],
    [computeStates.Failed, 'exit code 1', false],
    [computeStates.Cancelled, lostWithNode('n-1'), false],
    [computeStates.Failed, `program said: ${lostWithNode('n-1')}`, false],
  ])('state %i with %j: %s', (StateType, Message, expected) => expect(diedWithNode({ ComputeState: { StateType, Message } })).toBe(expected))
})
