import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { computeStates } from '../../../shared/models/execution'
import { lostWithNode } from '../../../shared/placement/lost-execution'
import { oversubscription } from '../../../shared/placement/capacity-rankers'
import { rankNodes } from '../../../shared/placement/rank-nodes'
import type { PastExecution, PlacedJob } from '../../../shared/placement/ranker'
import type { CandidateNode } from '../../../shared/placement/candidate-node'
import { past, sampleJob, sampleNode } from './sample-node'

const { AskForBidRejected, BidAccepted, Cancelled, Completed, Failed } = computeStates
const rank = (job: PlacedJob, nodes: readonly CandidateNode[], executions: readonly PastExecution[] = []) =>
  rankNodes({ job, nodes, executions, random: () => 0 })
/** What one node says to a job: its points, or which requirement rules it out. */
function verdict(job: PlacedJob, node: CandidateNode, executions: readonly PastExecution[] = []): number | string {
  const { suitable, unsuitable } = rank(job, [node], executions)
  return suitable[0]?.score ?? unsuitable[0]?.ranker ?? 'nothing'
}
const reason = (job: PlacedJob, node: CandidateNode, executions: readonly PastExecution[] = []): string | undefined =>
  rank(job, [node], executions).unsuitable[0]?.reason
/** Of a node that fits: engine, publisher, storage, room for one job and version 10 each, never used 30, free and no queue 100. */
const perfect = 180

describe('features', () => {
  it.each([
    [{ Engine: { Type: 'WASM' } }, perfect],
    [{ Engine: { Type: 'native' } }, 'engine'],
    [{ Publisher: { Type: 'Local' } }, perfect],
    [{ Publisher: { Type: 's3' } }, 'publisher'],
    [{ InputSources: [{ Source: { Type: 'urlDownload' }, Target: '/a' }] }, perfect],
    [
      {
        InputSources: [
          { Source: { Type: 'inline' }, Target: '/a' },
          { Source: { Type: 's3' }, Target: '/b' },
        ],
      },
      'storage',
    ],
  ])('%j: %s', (task, expected) => expect(verdict(sampleJob({}, task), sampleNode('n'))).toBe(expected))

  it('name what is missing and what there is', () => {
    expect(reason(sampleJob({}, { Engine: { Type: 'noSuchEngine' } }), sampleNode('n', { engines: ['wasm', 'docker'] }))).toBe(
      'does not support noSuchEngine, only wasm, docker',
    )
  })
})

describe('labels', () => {
  const zone = (Key: string, ...Values: string[]) => sampleJob({ Constraints: [{ Key, Operator: '=', Values }] })
  const node = sampleNode('n', { labels: { zone: 'a', os: 'linux' } })

  it('that are required count when they match and rule out when they do not', () => {
    expect(verdict(zone('zone', 'a'), node)).toBe(perfect + 10)
    expect(reason(zone('zone', 'nowhere'), node)).toBe("labels map[os:linux zone:a] don't match required selectors [zone = nowhere]")
  })

  it('that are wished for only count', () => {
    expect(verdict(zone('favour_zone', 'a'), node)).toBe(perfect + 10)
    expect(verdict(zone('favour_zone', 'b'), node)).toBe(perfect)
  })
})

describe('capacity', () => {
  const asks = (CPU: string) => sampleJob({}, { Resources: { CPU } })

  it.each([
    ['4', {}, perfect],
    ['5', {}, 'max-job'],
    ['2', { available: { CPU: 0 } }, 100],
    ['2.1', { available: { CPU: 0 } }, 'capacity'],
    ['1', { available: { CPU: 0 }, queued: { CPU: 1 } }, 80],
    ['1', { available: { CPU: 0 }, queued: { CPU: 1.1 } }, 'capacity'],
    ['1', { max: {} }, 'capacity'],
  ])('%s cores on a node of 4 with %j: %s', (CPU, fields, expected) => {
    // Memory and disk are not asked for; free CPU decides the points.
    expect(verdict(asks(CPU), sampleNode('n', fields))).toBe(expected)
  })

  it('of GPUs is never given twice', () => {
    const gpus = sampleNode('n', { max: { CPU: 4, GPU: 1 }, available: { CPU: 4 }, maxJobRequirements: { CPU: 4, GPU: 1 } })
    expect(verdict(sampleJob({}, { Resources: { GPU: '1' } }), gpus)).toBe('capacity')
  })

  it('is told in Bacalhau’s words when a node is busy', () => {
    const busy = { available: { CPU: 0, Memory: 1.14e9, Disk: 11.4e9 }, queued: { CPU: 2 } }
    expect(reason(asks('1'), sampleNode('n', busy))).toBe(
      'node busy with available capacity {CPU: 0.00, Memory: 1.1 GB, Disk: 11 GB, GPU: 0} and queue capacity {CPU: 2.00, Memory: 0 B, Disk: 0 B, GPU: 0}',
    )
  })

  it('prefers the node with more room', () => {
    const nodes = [sampleNode('full', { available: { CPU: 1 } }), sampleNode('free')]
    expect(rank(asks('1'), nodes).suitable.map(({ node }) => node.id)).toEqual(['free', 'full'])
  })
})

describe('versions', () => {
  it.each([
    [{ Major: '1', Minor: '0', GitVersion: 'v1.0.4' }, perfect],
    [{ Major: '1', Minor: '0', GitVersion: 'v1.0.3' }, 'version'],
    [{ Major: '0', Minor: '3', GitVersion: 'v0.3.30' }, 'version'],
    [{ Major: '0', Minor: '0', GitVersion: 'v0.0.0-abc' }, perfect],
    [{}, perfect - 10],
  ])('%j: %s', (version, expected) => expect(verdict(sampleJob(), sampleNode('n', { version }))).toBe(expected))
})

describe('earlier executions', () => {
  const onceFailed = [past('n', Failed)]

  it.each([
    ['none', [], perfect],
    ['one that failed', onceFailed, perfect - 30],
    ['one that was cancelled', [past('n', Cancelled)], perfect - 30],
    ['two that failed', [...onceFailed, ...onceFailed], 'job already executed on this node more than once'],
    ['a refusal', [past('n', AskForBidRejected)], 'job rejected'],
    ['two of an older version', [past('n', Completed, { JobVersion: 0 }), past('n', Failed, { JobVersion: 0 })], perfect],
    ['two on another node', [past('m', Failed), past('m', Failed)], perfect],
  ] as const)('%s', (_, executions, expected) => {
    const job = sampleJob()
    expect(reason(job, sampleNode('n'), executions) ?? verdict(job, sampleNode('n'), executions)).toBe(expected)
  })

  it.each([
    ['runs', BidAccepted],
    ['is done', Completed],
  ] as const)('one that %s makes the node the last choice for other parts of a batch, and none for a service', (_, state) => {
    expect(verdict(sampleJob({ Type: 'batch' }), sampleNode('n'), [past('n', state)])).toBe(perfect - 30)
    expect(reason(sampleJob({ Type: 'service' }), sampleNode('n'), [past('n', state)])).toBe('job rejected')
  })

  it('that a service lost with its node are not held against the node', () => {
    const lost = [past('n', Failed, { Message: lostWithNode('n') }), past('n', Failed, { Message: lostWithNode('n') })]
    expect(verdict(sampleJob({ Type: 'service' }), sampleNode('n'), lost)).toBe(perfect)
    expect(verdict(sampleJob({ Type: 'batch' }), sampleNode('n'), lost)).toBe('previous-executions')
  })
})

describe('any nodes', () => {
  const amount = fc.integer({ min: 0, max: 16 })
  const nodes = fc.array(fc.record({ max: amount, used: amount, queued: amount, engines: fc.subarray(['wasm', 'docker']) }), { maxLength: 12 })

  it('are each suitable or unsuitable, never both, best first, and none is given more than one and a half times what it has', () => {
    fc.assert(
      fc.property(nodes, fc.integer({ min: 1, max: 16 }), fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), (shapes, cpu, dice) => {
        const candidates = shapes.map(({ max, used, queued, engines }, index) =>
          sampleNode(`n-${index}`, {
            max: { CPU: max },
            maxJobRequirements: { CPU: max },
            available: { CPU: Math.max(0, max - used) },
            queued: { CPU: queued },
            engines,
          }),
        )
        const random = (): number => Number(dice.next().value ?? 0)
        const { suitable, unsuitable } = rankNodes({
          job: sampleJob({}, { Resources: { CPU: String(cpu) } }),
          nodes: candidates,
          executions: [],
          random,
        })
        expect([...suitable, ...unsuitable].map(({ node }) => node.id).sort()).toEqual(candidates.map(({ id }) => id).sort())
        expect(suitable.map(({ score }) => score)).toEqual(suitable.map(({ score }) => score).toSorted((a, b) => b - a))
        for (const { node } of suitable) {
          const { CPU = 0 } = node.max
          expect(CPU - (node.available.CPU ?? 0) + (node.queued.CPU ?? 0) + cpu).toBeLessThanOrEqual(CPU * oversubscription)
          expect(node.engines).toContain('wasm')
        }
        for (const one of unsuitable) expect(one.reason).not.toBe('')
      }),
    )
  })
})
