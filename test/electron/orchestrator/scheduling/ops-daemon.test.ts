import { expect, it } from 'vitest'
import { onBidResult } from '../../../../electron/orchestrator/scheduling/results'
import { computeStates } from '../../../../shared/models/execution'
import { isTerminalExecution } from '../../../../shared/models/execution-state'
import { readPayload } from '../../../../shared/wire/messages'
import { jobOf, nodeOf, Story } from './scheduling-cases'

function bid(story: Story, id: string, Accepted = true): void {
  story.apply(
    onBidResult({ execution: story.execution(id), job: story.job, now: story.now, message: readPayload('BidResult', { ExecutionID: id, Accepted }) }),
  )
}
it('an ops job that every node refuses does not end well', () => {
  const story = new Story(jobOf('ops'), [nodeOf('a')])
  story.look('job-register')
  bid(story, 'e-1', false)
  story.look()
  expect(story.states()).toEqual([computeStates.AskForBidRejected])
  expect(story.job.State.StateType).toBe('Failed')
})

it('an ops job that is being updated never has two executions on a node at once', () => {
  const nodes = Array.from({ length: 25 }, (_, i) => nodeOf(`n-${i}`))
  const story = new Story(jobOf('ops'), nodes)
  story.look('job-register')
  story.look('exec-limit')
  story.job = { ...story.job, Version: 2, State: { StateType: 'Pending' } }
  story.nodes = nodes.toReversed()
  story.look('job-update')
  const live = story.executions.filter((e) => !isTerminalExecution(e)).map((e) => e.NodeID)
  expect(live.length - new Set(live).size).toBe(0)
})
