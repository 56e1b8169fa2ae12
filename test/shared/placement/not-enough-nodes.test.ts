import { describe, expect, it } from 'vitest'
import { notEnoughNodes } from '../../../shared/placement/not-enough-nodes'
import { rankNodes } from '../../../shared/placement/rank-nodes'
import { sampleJob, sampleNode } from './sample-node'

const [first, second] = ['n-445041d0-d2cd-4632-8dea-bd707f0d95f5', 'n-99091cee-66b8-43ca-865f-c93385caebe6'] as const
const job = sampleJob({}, { Engine: { Type: 'docker' } })
const ranked = (...engines: string[][]) =>
  rankNodes({ job, nodes: [first, second].map((id, index) => sampleNode(id, { engines: engines[index] ?? [] })), executions: [], random: () => 0 })

describe('notEnoughNodes', () => {
  it('says it as recorded when there is no node at all', () => {
    expect(notEnoughNodes({ requested: 1, available: 0, suitable: [], unsuitable: [] }).message).toBe(
      'not enough nodes to run job. requested: 1, available: 0, suitable: 0.',
    )
  })

  it('gives each reason a line, nodes with the same reason one', () => {
    expect(notEnoughNodes({ requested: 1, available: 2, ...ranked(['wasm'], ['wasm', 'native']) }).message.split('\n')).toEqual([
      'not enough nodes to run job. requested: 1, available: 2, suitable: 0.',
      '• Node n-445041d0: does not support docker, only wasm',
      '• Node n-99091cee: does not support docker, only wasm, native',
    ])
    expect(notEnoughNodes({ requested: 1, available: 2, ...ranked(['wasm'], ['wasm']) }).message).toMatch(
      /\n• 2 of 2 nodes: does not support docker, only wasm$/,
    )
  })

  it('counts, and says of a suitable node that it is not enough', () => {
    const { message, details } = notEnoughNodes({ requested: 3, available: 2, ...ranked(['wasm'], ['docker']) })
    expect(message.split('\n').slice(1)).toEqual([
      '• Node n-99091cee: suitable, but cannot take all that are needed',
      '• Node n-445041d0: does not support docker, only wasm',
    ])
    expect(details).toEqual({ NodesRequested: '3', NodesAvailable: '2', NodesSuitable: '1' })
  })
})
