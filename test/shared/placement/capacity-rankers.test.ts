import { performance } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { rankNodes } from '../../../shared/placement/rank-nodes'
import { normalizeJob } from '../../../shared/jobs/normalize-job'
import { readJob } from '../../../shared/jobs/read-job'
import { sampleNode } from './sample-node'

const plenty = { CPU: 4, Memory: 8e9, Disk: 100e9 }
const node = (id: string) => sampleNode(id, { engines: ['wasm'], storages: ['local'], max: plenty, available: plenty, maxJobRequirements: plenty })
const job = (task: Readonly<Record<string, unknown>>) =>
  normalizeJob(readJob({ Type: 'batch', Tasks: [{ Name: 'main', Engine: { Type: 'wasm' }, ...task }] })).job
const rank = (task: Readonly<Record<string, unknown>>, nodes = [node('a')]) => rankNodes({ job: job(task), nodes, executions: [], random: () => 0 })

describe('a request beyond what a node ever gives', () => {
  it('is told with every resource that exceeds its capacity, rather than as a busy node', () => {
    expect(rank({ Resources: { CPU: '99', Memory: '1Tb', GPU: '1' } }).unsuitable[0]?.reason).toBe(
      "job requires more CPU (99) than the node's capacity for one job (4) and more memory (1.0 TB) than the node's capacity for one job (8.0 GB)" +
        " and more GPUs (1) than the node's capacity for one job (0)",
    )
  })
})

describe('an input by its older name', () => {
  it('is taken by a node that offers it by the newer one', () => {
    expect(rank({ InputSources: [{ Source: { Type: 'localDirectory' }, Target: '/a' }] }).unsuitable).toEqual([])
  })
})

describe('1,000 nodes', () => {
  it('are ranked within 50 ms', () => {
    const nodes = Array.from({ length: 1000 }, (_, index) => node(`n-${index}`))
    const times = Array.from({ length: 10 }, () => {
      const start = performance.now()
      expect(rank({ Resources: { CPU: '1', Memory: '1Gb' } }, nodes).suitable).toHaveLength(1000)
      return performance.now() - start
    })
    expect(Math.min(...times)).toBeLessThan(50)
  })
})
