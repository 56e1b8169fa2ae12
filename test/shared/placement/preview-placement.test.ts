import { describe, expect, it } from 'vitest'
import { previewPlacement } from '../../../shared/placement/preview-placement'
import { sampleJob, sampleNode } from './sample-node'

describe('previewPlacement', () => {
  const nodes = [
    sampleNode('fits'),
    sampleNode('no-engine', { engines: ['docker'] }),
    sampleNode('busy', { available: {}, queued: { CPU: 2 } }),
    sampleNode('small', { maxJobRequirements: { CPU: 0.1 } }),
    sampleNode('small-too', { maxJobRequirements: {} }),
  ]

  it('tells of every node whether it fits and which requirement rules it out', () => {
    const preview = previewPlacement(sampleJob(), nodes)
    expect(preview.nodes.map(({ node, verdict }) => [node.id, verdict.kind === 'fits' ? 'fits' : verdict.requirement])).toEqual([
      ['fits', 'fits'],
      ['no-engine', 'engine'],
      ['busy', 'capacity'],
      ['small', 'max-job'],
      ['small-too', 'max-job'],
    ])
    expect(preview.fitting).toBe(1)
    expect(preview.ruledOut).toEqual({ engine: 1, capacity: 1, 'max-job': 2 })
  })

  it('gives the same answer every time', () => {
    expect(previewPlacement(sampleJob(), nodes)).toEqual(previewPlacement(sampleJob(), nodes))
  })

  it('has nothing to say of no nodes', () => expect(previewPlacement(sampleJob(), [])).toEqual({ nodes: [], fitting: 0, ruledOut: {} }))
})
