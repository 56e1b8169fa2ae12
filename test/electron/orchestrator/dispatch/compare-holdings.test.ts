import { describe, expect, it } from 'vitest'
import { compareHoldings } from '../../../../electron/orchestrator/dispatch/compare-holdings'
import { MessageIndex } from '../../../../electron/orchestrator/dispatch/message-index'
import type { StoredExecution } from '../../../../electron/orchestrator/jobs/job-state'
import { computeStates, desiredStates } from '../../../../shared/models/execution'

const execution = (ID: string, NodeID: string, live: boolean, compute: number = live ? computeStates.New : computeStates.Cancelled) =>
  ({
    ID,
    NodeID,
    DesiredState: { StateType: live ? desiredStates.Running : desiredStates.Stopped },
    ComputeState: { StateType: compute },
  }) as StoredExecution

const all = [execution('e-runs', 'n-1', true), execution('e-asked', 'n-1', true), execution('e-over', 'n-1', false), execution('e-else', 'n-2', true)]
const state = {
  execution: (id: string) => all.find(({ ID }) => ID === id),
  liveOn: (nodeId: string) => all.filter((each) => each.NodeID === nodeId && each.DesiredState.StateType === desiredStates.Running),
}
const index = new MessageIndex()
index.note({ nodeId: 'n-1', executionId: 'e-runs', type: 'AskForBid', sequence: 100 })
index.note({ nodeId: 'n-1', executionId: 'e-asked', type: 'AskForBid', sequence: 200 })

const compare = (position: number, executions: readonly string[]) => {
  const { forgotten, unwanted } = compareHoldings(state, index, { nodeId: 'n-1', position, executions })
  return [forgotten.map(({ ID }) => ID), unwanted]
}

describe('what a node says that it has', () => {
  it.each([
    ['all that it was told of', 200, ['e-runs', 'e-asked'], [], []],
    ['what it was told of; a later request is still on its way', 100, ['e-runs'], [], []],
    ['what it has not counted yet', 100, ['e-runs', 'e-asked'], [], []],
    ['nothing, although it was told of one', 199, [], ['e-runs'], []],
    ['nothing, and nothing had reached it', 99, [], [], []],
    ['one that has ended', 200, ['e-runs', 'e-asked', 'e-over'], [], ['e-over']],
    ['one of another node, and one that nobody knows', 200, ['e-runs', 'e-asked', 'e-else', 'e-unknown'], [], ['e-else', 'e-unknown']],
  ])('%s', (_, position, executions, forgotten, unwanted) => {
    expect(compare(position, executions)).toEqual([forgotten, unwanted])
  })

  it('one that it has bid for is missed, whatever it has counted', () => {
    const bid = execution('e-bid', 'n-1', true, computeStates.AskForBidAccepted)
    const with_ = { ...state, liveOn: () => [bid] }
    expect(compareHoldings(with_, index, { nodeId: 'n-1', position: 0, executions: [] }).forgotten).toEqual([bid])
    expect(compareHoldings(with_, index, { nodeId: 'n-1', position: 0, executions: ['e-bid'] }).forgotten).toEqual([])
  })

  it('an execution that no message tells of is not missed', () => {
    expect(compareHoldings(state, index, { nodeId: 'n-2', position: 1000, executions: [] }).forgotten).toEqual([])
  })
})
