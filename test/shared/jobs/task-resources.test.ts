import { describe, expect, it } from 'vitest'
import { parseQuantities, quantityFaults, taskResources } from '../../../shared/jobs/task-resources'

describe('amounts of a task', () => {
  it('become numbers', () => {
    expect(taskResources({ Resources: { CPU: '500m', Memory: '512Mb', Disk: '1 GiB', GPU: '2' } })).toEqual({
      CPU: 0.5,
      Memory: 512_000_000,
      Disk: 1024 ** 3,
      GPU: 2,
    })
  })

  it('leave out what is missing, zero or not understood', () => expect(parseQuantities({ CPU: '', Memory: 'much', GPU: '0' })).toEqual({}))

  it('name every fault', () => {
    expect(quantityFaults({ CPU: 'LOTS', Memory: '-1', GPU: '0.5' })).toEqual([
      'invalid CPU value: lots',
      'invalid memory value: -1',
      'invalid GPU value: 0.5',
    ])
  })
})
