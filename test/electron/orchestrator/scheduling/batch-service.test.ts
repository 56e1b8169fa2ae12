import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { onBidResult, onComputeError, onRunResult } from '../../../../electron/orchestrator/scheduling/results'
import { computeStates } from '../../../../shared/models/execution'
import { isTerminalExecution } from '../../../../shared/models/execution-state'
import { terminalJobStates } from '../../../../shared/models/job'
import type { JobType } from '../../../../shared/models/job'
import { readPayload } from '../../../../shared/wire/messages'
import type { SchedulingNode } from '../../../../electron/orchestrator/scheduling/scheduling-input'
import { jobOf, nodeOf, Story } from './scheduling-cases'

function bid(story: Story, id: string, Accepted = true): void {
  const message = readPayload('BidResult', { ExecutionID: id, Accepted })
  story.apply(onBidResult({ execution: story.execution(id), job: story.job, now: story.now, message }))
}

it('a job with one partition running and one waiting does not flap between Queued and Running', () => {
  const story = new Story(jobOf('batch', { Count: 2, Timeouts: { QueueTimeout: 600 } }), [nodeOf('a')])
  story.look('job-register')
  bid(story, 'e-1')
  story.look()
  const before = story.told.length
  for (let i = 0; i < 3; i++) {
    story.now += 60_000
    story.look('job-queue')
  }
  expect(story.told.slice(before).map((t) => t.slice(0, 12))).toEqual([])
})

it('a service that ran for a day waits by its queue rules when its only node vanishes', () => {
  const story = new Story(jobOf('service', { Timeouts: { QueueTimeout: 600 } }), [nodeOf('a')])
  story.look('job-register')
  bid(story, 'e-1')
  story.look()
  story.now += 86_400_000
  story.nodes = [nodeOf('a', {}, 'lost')]
  story.look('node-leave')
  expect(story.job.State.StateType).toBe('Queued')
})

it('the same without a queue time-out', () => {
  const story = new Story(jobOf('service'), [nodeOf('a')])
  story.look('job-register')
  bid(story, 'e-1')
  story.look()
  story.now += 1000
  story.nodes = [nodeOf('a', {}, 'lost')]
  story.look('node-leave')
  expect(story.job.State.StateType).not.toBe('Failed')
})

it('nothing lives on after completion', () => {
  const nodes = Array.from({ length: 30 }, (_, i) => nodeOf(`n-${i}`))
  const story = new Story(jobOf('batch', { Count: 30 }), nodes)
  story.look('job-register')
  story.look('exec-limit')
  for (const { ID } of [...story.executions]) bid(story, ID)
  story.look()
  story.job = { ...story.job, Version: 2, Count: 0, State: { StateType: 'Pending' } }
  story.look('job-update')
  expect([story.job.State.StateType, story.executions.filter((e) => !isTerminalExecution(e)).length]).toEqual(['Completed', 0])
})

it('a service lost twice with its node comes back to it', () => {
  const story = new Story(jobOf('service', { Timeouts: { QueueTimeout: 600 } }), [nodeOf('a')])
  for (const id of ['e-1', 'e-2']) {
    story.nodes = [nodeOf('a')]
    story.look('node-join')
    bid(story, id)
    story.look()
    story.now += 1000
    story.nodes = [nodeOf('a', {}, 'lost')]
    story.look('node-leave')
  }
  story.nodes = [nodeOf('a')]
  story.look('node-join')
  expect(story.executions).toHaveLength(3)
})

describe('whatever happens to a job', () => {
  const names = ['a', 'b', 'c', 'd']
  const event = fc.oneof(
    fc.record({ kind: fc.constantFrom('bid', 'refuse', 'result', 'error'), pick: fc.nat(30) }),
    fc.record({ kind: fc.constant('nodes'), there: fc.subarray(names), grace: fc.subarray(names) }),
    fc.record({ kind: fc.constant('time'), ms: fc.nat(400_000) }),
    fc.record({ kind: fc.constantFrom('update', 'stop') }),
  )
  const types = fc.constantFrom<JobType>('batch', 'service', 'ops', 'daemon')
  const timeouts = fc.record({
    QueueTimeout: fc.constantFrom(0, 600),
    ExecutionTimeout: fc.constantFrom(0, 60),
    TotalTimeout: fc.constantFrom(0, 3000),
  })

  it('no partition is held or completed twice, no node has it twice but parts of a batch, nothing outlives it, and a second look finds nothing to do', () => {
    fc.assert(
      fc.property(types, fc.integer({ min: 0, max: 4 }), timeouts, fc.array(event, { maxLength: 25 }), (type, count, Timeouts, events) => {
        const story = new Story(
          jobOf(type, { ...(type === 'batch' || type === 'service' ? { Count: count } : {}), Timeouts }),
          names.map((id) => nodeOf(id)),
        )
        const look = (): void => {
          const ids = new Set(story.executions.map(({ ID }) => ID))
          for (const change of story.look().changes) {
            if ('put' in change && change.put === 'execution') expect(ids.has(change.execution.ID)).toBe(false)
            if ('put' in change && change.put === 'execution') ids.add(change.execution.ID)
            if ('patch' in change && change.patch === 'execution') expect(ids.has(change.id)).toBe(true)
          }
          const live = story.executions.filter((execution) => !isTerminalExecution(execution))
          if (terminalJobStates.has(story.job.State.StateType)) expect(live).toEqual([])
          const onNode = live.map(({ NodeID }) => NodeID)
          if (type !== 'batch') expect(new Set(onNode).size).toBe(onNode.length)
          if (type === 'batch' || type === 'service') {
            const holders = story.executions.filter(
              (execution) =>
                live.includes(execution) ||
                (type === 'batch' && execution.JobVersion === story.job.Version && execution.ComputeState.StateType === computeStates.Completed),
            )
            const partitions = holders.map(({ PartitionIndex = 0 }) => PartitionIndex)
            expect(new Set(partitions).size).toBe(partitions.length)
          }
          expect(story.look().changes).toEqual([])
        }
        look()
        for (const one of events) {
          if ('pick' in one) {
            const { ID } = story.executions[one.pick % Math.max(1, story.executions.length)] ?? {}
            if (ID === undefined) continue
            const input = { execution: story.execution(ID), job: story.job, now: story.now }
            if (one.kind === 'result') story.apply(onRunResult({ ...input, message: readPayload('RunResult', { ExecutionID: ID }) }))
            else if (one.kind === 'error') story.apply(onComputeError({ ...input, message: readPayload('ComputeError', { ExecutionID: ID }) }))
            else bid(story, ID, one.kind === 'bid')
          } else if ('there' in one) {
            story.nodes = names.map((id) => nodeOf(id, {}, one.there.includes(id) ? 'connected' : one.grace.includes(id) ? 'grace' : 'lost'))
          } else if ('ms' in one) {
            story.now += one.ms
          } else if (one.kind === 'stop') {
            if (!terminalJobStates.has(story.job.State.StateType)) story.job = { ...story.job, State: { StateType: 'Stopped' } }
          } else {
            story.job = { ...story.job, Version: story.job.Version + 1, State: { StateType: 'Pending' } }
            story.submittedAt = story.now
          }
          look()
        }
      }),
      { numRuns: 300 },
    )
  })

  it('puts more parts of a batch than there are nodes on those with the room', () => {
    const story = new Story(jobOf('batch', { Count: 5 }), [nodeOf('a', { CPU: 4 }), nodeOf('b', { CPU: 1 })])
    story.look('job-register')
    expect(story.executions.map(({ NodeID }) => NodeID).sort()).toEqual(['a', 'a', 'a', 'b', 'b'])
    expect(story.executions.map(({ PartitionIndex = 0 }) => PartitionIndex).sort()).toEqual([0, 1, 2, 3, 4])
  })

  it('lets parts without a queue time-out wait for other parts of their job, and for nothing else', () => {
    const roomFor = (more: number): SchedulingNode => {
      const { candidate, ...node } = nodeOf('a', { CPU: 1 })
      return { ...node, candidate: { ...candidate, available: { ...candidate.max, CPU: more * 0.5 }, queued: more > 0 ? {} : { CPU: 0.5 } } }
    }
    const story = new Story(jobOf('batch', { Count: 5 }), [roomFor(2)])
    const finished = new Set<string>()
    story.look('job-register')
    for (let rounds = 0; rounds < 5 && story.job.State.StateType !== 'Completed'; rounds += 1) {
      const asked = story.executions.filter(({ ID }) => !finished.has(ID))
      story.nodes = [roomFor(0)]
      for (const { ID } of asked) {
        bid(story, ID)
        story.look()
        expect(story.job.State.StateType).toBe('Running')
      }
      for (const { ID } of asked) {
        finished.add(ID)
        story.nodes = [roomFor(finished.size === story.executions.length ? 2 : 1)]
        story.apply(
          onRunResult({ execution: story.execution(ID), job: story.job, now: story.now, message: readPayload('RunResult', { ExecutionID: ID }) }),
        )
      }
      story.look()
    }
    expect([story.job.State.StateType, story.executions.length]).toEqual(['Completed', 5])

    const full = new Story(jobOf('batch', { Count: 2 }), [roomFor(0)])
    full.look('job-register')
    expect(full.job.State.StateType).toBe('Failed')
  })
})

it('a job without a queue time-out fails the moment its last node has failed it, whatever a double makes of that moment', () => {
  for (let ms = 0; ms < 50; ms++) {
    const story = new Story(jobOf('batch'), [nodeOf('a')])
    story.now += ms
    story.look('job-register')
    for (const id of ['e-1', 'e-2']) {
      bid(story, id)
      story.look()
      const message = readPayload('ComputeError', { ExecutionID: id })
      story.apply(onComputeError({ execution: story.execution(id), job: story.job, now: story.now, message }))
      story.look()
    }
    expect([story.job.State.StateType, story.told.filter((told) => told.includes('queued'))]).toEqual(['Failed', []])
  }
})

it.each(['service', 'daemon'] as const)('a %s that ends by itself has failed, keeps what it printed, and is told as an error once', (type) => {
  const own = { Message: 'Completed successfully', Topic: 'Execution', Timestamp: '2026-01-02T03:04:05Z' }
  for (const event of [own, { ...own, Message: 'The program ended', Details: { IsError: 'true' } }]) {
    const story = new Story(jobOf(type), [nodeOf('a')])
    story.look('job-register')
    if (type === 'service') bid(story, 'e-1')
    story.look()
    const RunCommandResult = { Stdout: 'bye\n', stderr: 'why\n', ExitCode: 3 }
    const message = readPayload('RunResult', { ExecutionID: 'e-1', Events: [event], RunCommandResult })
    const changes = onRunResult({ execution: story.execution('e-1'), job: story.job, now: story.now, message })
    story.apply(changes)
    expect(story.execution('e-1')).toMatchObject({
      ComputeState: { StateType: 10, Message: 'execution completed unexpectedly' },
      RunOutput: RunCommandResult,
    })
    const errors = changes.filter((change) => JSON.stringify(change).includes('"IsError":"true"'))
    expect(errors).toHaveLength(1)
  }
})
