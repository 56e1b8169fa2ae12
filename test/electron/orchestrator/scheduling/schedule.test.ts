import { describe, expect, it } from 'vitest'
import { onBidResult, onComputeError, onRunResult } from '../../../../electron/orchestrator/scheduling/results'
import type { SchedulingNode } from '../../../../electron/orchestrator/scheduling/scheduling-input'
import { computeStates } from '../../../../shared/models/execution'
import { isTerminalExecution } from '../../../../shared/models/execution-state'
import { readPayload } from '../../../../shared/wire/messages'
import { jobOf, nodeOf, start, Story } from './scheduling-cases'

const { New, BidAccepted, BidRejected, Completed, Failed, Cancelled, AskForBidRejected } = computeStates

function bid(story: Story, id: string, Accepted = true): void {
  const execution = story.execution(id)
  const Events = Accepted ? null : [{ Message: 'rejected bid: no', Topic: 'Exec Scanning', Timestamp: '2026-01-01T00:00:00Z' }]
  story.apply(onBidResult({ execution, job: story.job, now: story.now, message: readPayload('BidResult', { ExecutionID: id, Accepted, Events }) }))
}
function run(story: Story, id: string, ExitCode = 0): void {
  const message = readPayload('RunResult', { ExecutionID: id, RunCommandResult: { Stdout: 'out', ExitCode } })
  story.apply(onRunResult({ execution: story.execution(id), job: story.job, now: story.now, message }))
}
function err(story: Story, id: string): void {
  const Events = [{ Message: 'it burns', Topic: 'Running Execution', Timestamp: '2026-01-01T00:00:00Z', Details: { IsError: 'true' } }]
  story.apply(
    onComputeError({
      execution: story.execution(id),
      job: story.job,
      now: story.now,
      message: readPayload('ComputeError', { ExecutionID: id, Events }),
    }),
  )
}

describe('a batch job', () => {
  it('asks for a bid, approves it, and is completed by the result', () => {
    const story = new Story(jobOf('batch'), [nodeOf('n')])
    story.look('job-register')
    expect(story.states()).toEqual([New])
    expect(story.job.State.StateType).toBe('Pending')
    bid(story, 'e-1')
    story.look()
    expect(story.states()).toEqual([BidAccepted])
    expect(story.job.State.StateType).toBe('Running')
    run(story, 'e-1')
    story.look()
    expect(story.states()).toEqual([Completed])
    expect(story.job.State.StateType).toBe('Completed')
    expect(story.told).toEqual(['Requested execution on n', 'Running', 'Running', 'Completed successfully', 'Completed'])
  })

  it('tells an exit code that is not 0', () => {
    const story = new Story(jobOf('batch'), [nodeOf('n')])
    story.look()
    bid(story, 'e-1')
    story.look()
    run(story, 'e-1', 7)
    story.look()
    expect(story.job.State.StateType).toBe('Completed')
    expect(story.told).toContain('The program ended with exit code 7')
  })

  it('is tried twice on its only node, then fails in the words of the shortage, the node’s own kept', () => {
    const story = new Story(jobOf('batch'), [nodeOf('n')])
    story.look('job-register')
    err(story, 'e-1')
    story.look()
    expect(story.states()).toEqual([Failed, New])
    err(story, 'e-2')
    story.look()
    expect(story.executions).toHaveLength(2)
    expect(story.job.State.StateType).toBe('Failed')
    expect(story.told.filter((message) => message === 'it burns')).toHaveLength(2)
    expect(story.job.State.Message).toMatch(/^not enough nodes to run job\. requested: 1, available: 1, suitable: 0\./)
  })

  it('goes elsewhere after a refusal', () => {
    const story = new Story(jobOf('batch'), [nodeOf('a'), nodeOf('b')])
    story.look()
    const first = story.executions[0]?.NodeID
    bid(story, 'e-1', false)
    story.look()
    expect(story.states()).toEqual([AskForBidRejected, New])
    expect(story.executions[1]?.NodeID).not.toBe(first)
  })

  it('waits up to its queue time-out, queued, and then fails', () => {
    const story = new Story(jobOf('batch', { Timeouts: { QueueTimeout: 90 } }), [])
    const plan = story.look('job-register')
    expect(plan.waiting).toBeDefined()
    expect(plan.evaluate).toEqual([{ trigger: 'job-queue', dueAt: start + 60_000 }])
    expect(story.job.State.StateType).toBe('Queued')
    story.now += 60_000
    expect(story.look('job-queue').evaluate).toEqual([{ trigger: 'job-queue', dueAt: start + 90_000 }])
    story.now = start + 90_000
    story.look('job-queue')
    expect(story.job.State.StateType).toBe('Failed')
  })

  it('starts when a node comes', () => {
    const story = new Story(jobOf('batch', { Timeouts: { QueueTimeout: 90 } }), [])
    story.look()
    story.nodes = [nodeOf('late')]
    expect(story.look('node-join').waiting).toBeUndefined()
    expect(story.states()).toEqual([New])
  })

  it('gives up what a lost node had and leaves alone what a node in its grace has', () => {
    const story = new Story(jobOf('batch'), [nodeOf('a'), nodeOf('b')])
    story.look()
    bid(story, 'e-1')
    story.look()
    const { NodeID } = story.execution('e-1')
    const other = NodeID === 'a' ? 'b' : 'a'
    story.nodes = [nodeOf(NodeID, {}, 'grace'), nodeOf(other)]
    expect(story.look('node-leave').changes).toEqual([])
    story.nodes = [nodeOf(NodeID, {}, 'lost'), nodeOf(other)]
    story.look('node-leave')
    expect(story.states()).toEqual([Failed, New])
    expect(story.executions[1]?.NodeID).toBe(other)
  })

  it('takes the oldest of two bids for one partition', () => {
    const story = new Story(jobOf('batch'), [nodeOf('a'), nodeOf('b')])
    story.look()
    const [first] = story.executions
    if (first === undefined) throw new Error('nothing was asked')
    story.executions.push({ ...first, ID: 'e-x', NodeID: 'b' })
    bid(story, 'e-1')
    story.now += 1
    bid(story, 'e-x')
    story.look()
    expect(story.states()).toEqual([BidAccepted, BidRejected])
  })

  it('spreads its partitions, one a node, and is completed when all are', () => {
    const story = new Story(jobOf('batch', { Count: 2 }), [nodeOf('a'), nodeOf('b')])
    story.look()
    expect(story.executions.map(({ PartitionIndex = 0 }) => PartitionIndex)).toEqual([0, 1])
    expect(new Set(story.executions.map(({ NodeID }) => NodeID)).size).toBe(2)
    for (const id of ['e-1', 'e-2']) bid(story, id)
    story.look()
    run(story, 'e-1')
    story.look()
    expect(story.job.State.StateType).toBe('Running')
    run(story, 'e-2')
    story.look()
    expect(story.job.State.StateType).toBe('Completed')
  })

  it('asks for no more than the limit in one look', () => {
    const nodes = Array.from({ length: 30 }, (_, index) => nodeOf(`n-${index}`))
    const story = new Story(jobOf('batch', { Count: 25 }), nodes)
    expect(story.look().evaluate).toContainEqual({ trigger: 'exec-limit', dueAt: start + 100 })
    expect(story.executions).toHaveLength(20)
    story.look('exec-limit')
    expect(story.executions).toHaveLength(25)
  })

  it('fails after its total time-out, its execution cancelled', () => {
    const story = new Story(jobOf('batch', { Timeouts: { TotalTimeout: 4 } }), [nodeOf('n')])
    expect(story.look().evaluate).toContainEqual({ trigger: 'job-timeout', dueAt: start + 4000 })
    bid(story, 'e-1')
    story.look()
    story.now = start + 4000
    story.look('job-timeout')
    expect(story.job.State.StateType).toBe('Failed')
    expect(story.states()).toEqual([Cancelled])
    expect(story.told).toContain('Job timed out after 4s')
  })

  it('with a count of 0 is completed at once', () => {
    const story = new Story(jobOf('batch', { Count: 0 }), [])
    story.look()
    expect(story.job.State.StateType).toBe('Completed')
  })

  it('that was stopped has its executions cancelled, once', () => {
    const story = new Story(jobOf('batch'), [nodeOf('n')])
    story.look()
    bid(story, 'e-1')
    story.look()
    story.job = { ...story.job, State: { StateType: 'Stopped' } }
    story.look('job-cancel')
    expect(story.states()).toEqual([Cancelled])
    expect(story.look('exec-update').changes).toEqual([])
  })
})

describe('results that come too late or twice', () => {
  it('change nothing', () => {
    const story = new Story(jobOf('batch'), [nodeOf('n')])
    story.look()
    run(story, 'e-1')
    expect(story.states()).toEqual([New])
    bid(story, 'e-1')
    story.look()
    run(story, 'e-1')
    story.look()
    const before = JSON.stringify(story.executions)
    run(story, 'e-1', 3)
    err(story, 'e-1')
    bid(story, 'e-1')
    expect(JSON.stringify(story.executions)).toBe(before)
  })
})

describe('a service job', () => {
  it('whose program ends is failed and replaced, and after two on its only node the job fails', () => {
    const story = new Story(jobOf('service'), [nodeOf('n')])
    for (const id of ['e-1', 'e-2']) {
      story.look()
      bid(story, id)
      story.look()
      run(story, id)
    }
    story.look()
    expect(story.states()).toEqual([Failed, Failed])
    expect(story.told).toContain('execution completed unexpectedly')
    expect(story.job.State.StateType).toBe('Failed')
  })

  it('rolls over to a new version: the old execution makes way, the new one comes', () => {
    const story = new Story(jobOf('service'), [nodeOf('a'), nodeOf('b')])
    story.look()
    bid(story, 'e-1')
    story.look()
    story.job = { ...story.job, Version: 2, State: { StateType: 'Pending' } }
    story.look('job-update')
    expect(story.states()).toEqual([Cancelled, New])
    expect(story.executions.map(({ JobVersion }) => JobVersion)).toEqual([1, 2])
    expect(story.told).toContain('Execution stopped for job update')
  })
})

describe('a job that fills its only node', () => {
  it.each(['batch', 'service', 'ops', 'daemon'] as const)('has the room of its older version when it is updated: %s', (type) => {
    const story = new Story(jobOf(type), [nodeOf('a', { CPU: 0.5 })])
    story.look()
    if (type === 'batch' || type === 'service') bid(story, 'e-1')
    story.look()
    story.nodes = [full(nodeOf('a', { CPU: 0.5 }))]
    story.job = { ...story.job, Version: 2, State: { StateType: 'Pending' } }
    story.look('job-update')
    expect(story.executions.map(({ JobVersion, NodeID }) => `${String(JobVersion)} ${NodeID}`)).toEqual(['1 a', '2 a'])
    expect(story.job.State.StateType).not.toBe('Failed')
  })

  it('has no more than that: what others have stays theirs', () => {
    const story = new Story(jobOf('batch'), [nodeOf('a', { CPU: 1 })])
    story.look()
    bid(story, 'e-1')
    story.look()
    // Another job has taken the rest, and waits with more.
    const busy = full(nodeOf('a', { CPU: 1 }))
    story.nodes = [{ ...busy, candidate: { ...busy.candidate, queued: { CPU: 1 } } }]
    story.job = { ...story.job, Version: 2, State: { StateType: 'Pending' } }
    story.look('job-update')
    expect(story.job.State.StateType).toBe('Failed')
    expect(story.executions).toHaveLength(1)
  })
})

function full(node: SchedulingNode): SchedulingNode {
  return { ...node, candidate: { ...node.candidate, available: { ...node.candidate.max, CPU: 0 } } }
}

describe('an ops job', () => {
  it('runs once on every node without bids and is completed when all have', () => {
    const story = new Story(jobOf('ops'), [nodeOf('a'), nodeOf('b')])
    story.look()
    expect(story.executions.map(({ DesiredState }) => DesiredState.StateType)).toEqual([1, 1])
    expect(story.job.State.StateType).toBe('Running')
    run(story, 'e-1')
    story.look()
    run(story, 'e-2')
    story.look()
    expect(story.job.State.StateType).toBe('Completed')
  })

  it('fails at once without a node, and when one execution has failed', () => {
    const nowhere = new Story(jobOf('ops'), [])
    nowhere.look()
    expect(nowhere.job.State.StateType).toBe('Failed')
    const story = new Story(jobOf('ops'), [nodeOf('a'), nodeOf('b')])
    story.look()
    err(story, 'e-1')
    story.look()
    expect(story.job.State.StateType).toBe('Running')
    run(story, 'e-2')
    story.look()
    expect(story.job.State.StateType).toBe('Failed')
  })

  it('that failed once can end well when it is run again', () => {
    const story = new Story(jobOf('ops'), [nodeOf('a')])
    story.look()
    err(story, 'e-1')
    story.look()
    story.job = { ...story.job, Version: 2, State: { StateType: 'Pending' } }
    story.look('job-rerun')
    run(story, 'e-2')
    story.look()
    expect(story.job.State.StateType).toBe('Completed')
  })
})

describe('a daemon job', () => {
  it('waits for the nodes that are busy, also while it runs on others', () => {
    const story = new Story(jobOf('daemon'), [nodeOf('a'), full(nodeOf('b', { CPU: 0.5 }))])
    expect(story.look().waiting).toBeDefined()
    expect(story.executions.map(({ NodeID }) => NodeID)).toEqual(['a'])
    expect(story.job.State.StateType).toBe('Running')
    story.nodes = [nodeOf('a'), nodeOf('b', { CPU: 0.5 })]
    expect(story.look('node-join').waiting).toBeUndefined()
    expect(story.executions.map(({ NodeID }) => NodeID)).toEqual(['a', 'b'])
    // One that is too small for good is not waited for.
    story.nodes.push(nodeOf('c', { CPU: 0.1 }))
    expect(story.look('node-join').waiting).toBeUndefined()
  })

  it('comes to every node, those that join later too, and is put back where it ended', () => {
    const story = new Story(jobOf('daemon'), [nodeOf('a')])
    story.look()
    story.nodes = [nodeOf('a'), nodeOf('b')]
    story.look('node-join')
    expect(story.executions.map(({ NodeID }) => NodeID)).toEqual(['a', 'b'])
    err(story, 'e-1')
    story.look()
    expect(story.executions.map(({ NodeID }) => NodeID)).toEqual(['a', 'b', 'a'])
    expect(story.executions.filter((execution) => !isTerminalExecution(execution))).toHaveLength(2)
    expect(story.job.State.StateType).toBe('Running')
  })

  it('without a node stays pending and waits', () => {
    const story = new Story(jobOf('daemon'), [])
    expect(story.look().waiting).toBeDefined()
    expect(story.job.State.StateType).toBe('Pending')
  })
})
