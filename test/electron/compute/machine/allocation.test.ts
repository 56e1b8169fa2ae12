import { describe, expect, it } from 'vitest'
import { allocate, type AllocatedCapacity, type Machine } from '../../../../electron/compute/machine/allocation'

const gpu = (Index: number) => ({ Index, Name: 'Tesla T4', Vendor: 'NVIDIA', Memory: 15360, PCIAddress: '0000:00:1e.0' })
const machine: Machine = { CPU: 2, Memory: 25_276_510_208, Disk: 252_871_622_656, GPUs: [] }
const usual: AllocatedCapacity = { CPU: '80%', Memory: '80%', Disk: '80%', GPU: '100%' }

describe('allocated capacity', () => {
  it('is 80 per cent by default, without binary noise, zero values left out', () => {
    expect(allocate(machine, usual)).toEqual({ CPU: 1.6, Memory: 20_221_208_166, Disk: 202_297_298_124 })
  })

  it('takes amounts as they are, also beyond the machine', () => {
    expect(allocate(machine, { CPU: '1500m', Memory: '1Gb', Disk: '900Tb', GPU: '0' })).toEqual({ CPU: 1.5, Memory: 1e9, Disk: 9e14 })
  })

  it('of GPUs is never rounded down to none where there is one', () => {
    const withGpus = { ...machine, GPUs: [gpu(0), gpu(1), gpu(2)] }
    expect(allocate(withGpus, { ...usual, GPU: '10%' })).toMatchObject({ GPU: 1, GPUs: [{ Index: 0 }] })
    expect(allocate(withGpus, { ...usual, GPU: '70%' })).toMatchObject({ GPU: 2 })
    expect(allocate(withGpus, { ...usual, GPU: '0' }).GPUs).toBeUndefined()
    expect(allocate(machine, { ...usual, GPU: '50%' }).GPU).toBeUndefined()
  })

  it('of blank keys is the default, and of four blank keys the whole machine', () => {
    expect(allocate(machine, { ...usual, CPU: '' })).toMatchObject({ CPU: 1.6 })
    expect(allocate(machine, { CPU: '', Memory: '', Disk: '', GPU: '' })).toEqual({ CPU: 2, Memory: machine.Memory, Disk: machine.Disk })
  })

  it.each(['CPU', 'Memory', 'Disk', 'GPU'] as const)('that makes no sense is refused, naming Compute.AllocatedCapacity.%s', (key) => {
    for (const text of ['120%', '-1', 'much', '%']) {
      expect(() => allocate(machine, { ...usual, [key]: text })).toThrow(
        expect.objectContaining({ code: 'config.invalid', message: expect.stringContaining(`AllocatedCapacity.${key}`) as string }),
      )
    }
  })
})
