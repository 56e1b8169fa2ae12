import { describe, expect, it } from 'vitest'
import { type BidFacts, resourceReasons, semanticReasons } from '../../../../electron/compute/bidding/bid-strategies'
import { fits, minus, plus, usageOf } from '../../../../electron/compute/bidding/usage'

const facts: BidFacts = {
  networked: false,
  inputs: 1,
  inputsElsewhere: 0,
  missingPublisher: undefined,
  missingStorages: [],
  missingEngine: undefined,
  inputFaults: [],
  engineFault: undefined,
  envFaults: [],
  probeFaults: [],
}
const lenient = { rejectNetworkedJobs: false, rejectStatelessJobs: false, locality: 'anywhere' } as const
const strict = { rejectNetworkedJobs: true, rejectStatelessJobs: true, locality: 'local' } as const

describe('whether a node wants work', () => {
  it('does when nothing speaks against it', () => {
    expect(semanticReasons(facts, strict)).toEqual([])
    expect(semanticReasons({ ...facts, networked: true, inputs: 0, inputsElsewhere: 3 }, lenient)).toEqual([])
  })

  it.each<[Partial<BidFacts>, string]>([
    [{ networked: true }, 'this node does not run jobs that require network access'],
    [{ inputs: 0 }, 'this node does not accept jobs without any input volumes'],
    [{ missingPublisher: { type: 's3', reason: undefined } }, 'this node does not support "s3"'],
    [{ missingStorages: ['ipfs'] }, 'this node does not support "ipfs"'],
    [{ inputsElsewhere: 2 }, 'this node does not have all input data locally (2 inputs require downloading)'],
    [{ missingEngine: { type: 'qemu', reason: undefined } }, 'this node does not support "qemu"'],
    [{ engineFault: 'no entry' }, 'no entry'],
    [{ envFaults: ['no HOME'] }, 'no HOME'],
    [{ probeFaults: ['asked and refused'] }, 'asked and refused'],
    [{ inputFaults: ['gone'] }, 'gone'],
  ])('does not with %j', (change, reason) => expect(semanticReasons({ ...facts, ...change }, strict)).toEqual([reason]))

  it('gives every reason at once', () => {
    expect(semanticReasons({ ...facts, networked: true, inputs: 0, missingEngine: { type: 'qemu', reason: 'it is off' } }, strict)).toEqual([
      'this node does not run jobs that require network access',
      'this node does not accept jobs without any input volumes',
      'this node does not support "qemu": it is off',
    ])
  })

  it('never when it is more than all it has', () => {
    expect(resourceReasons({ CPU: 1 }, { CPU: 1 })).toEqual([])
    expect(resourceReasons({ CPU: 3, Memory: 1e9 }, { CPU: 2, Memory: 2e9 })[0]).toMatch(
      /^insufficient resources - requested: CPU: 3, memory: .*, available: CPU: 2/,
    )
    expect(resourceReasons({ GPU: 1 }, { CPU: 2 })).toHaveLength(1)
  })
})

describe('what an execution takes', () => {
  it('is the greatest of what was asked, the least there is, and its inputs', () => {
    expect(usageOf({ Resources: {} }, 0)).toEqual({ CPU: 0.1, Memory: 100 * 1024 * 1024 })
    expect(usageOf({ Resources: { CPU: '500m', Memory: '1mb', GPU: '1' } }, 0)).toEqual({ CPU: 0.5, Memory: 1e6, GPU: 1 })
    expect(usageOf({ Resources: { Disk: '1kb' } }, 5000)).toMatchObject({ Disk: 5000 })
  })

  it('adds up without traces of fractions', () => {
    const ten = Array.from({ length: 10 }).reduce<{ CPU?: number | undefined }>((sum) => plus(sum, { CPU: 0.1 }), {})
    expect(ten).toEqual({ CPU: 1 })
    expect(minus({ CPU: 1 }, ten)).toEqual({})
    expect(fits({ CPU: 0.1 }, minus({ CPU: 0.3 }, { CPU: 0.2 }))).toBe(true)
  })
})
