import { describe, expect, it } from 'vitest'
import { nodeLabels } from '../../../electron/compute/machine/labels'
import { computeNodeInfo, staticInfoDiffers } from '../../../electron/compute/node-info'
import { nodeInfoSchema } from '../../../shared/models/node'

const facts = {
  nodeId: 'n-1',
  labels: { zone: 'north' },
  capacity: { CPU: 1.6, Memory: 5, Disk: 0 },
  offers: { engines: ['wasm'], publishers: ['local'], storages: ['inline', 'urldownload'] },
  load: undefined,
  address: '',
  platform: 'linux',
  arch: 'x64',
}

describe('what a node says of itself', () => {
  it('has every key that a real node sends', () => {
    const info = computeNodeInfo(facts)
    expect(Object.keys(info)).toEqual(['NodeID', 'NodeType', 'Labels', 'SupportedProtocols', 'ComputeNodeInfo', 'BacalhauVersion'])
    expect(Object.keys(info.ComputeNodeInfo)).toEqual([
      'ExecutionEngines',
      'Publishers',
      'StorageSources',
      'MaxCapacity',
      'QueueCapacity',
      'AvailableCapacity',
      'MaxJobRequirements',
      'RunningExecutions',
      'EnqueuedExecutions',
      'address',
    ])
    expect(nodeInfoSchema.parse(JSON.parse(JSON.stringify(info)))).toEqual(info)
  })

  it('lists both protocols, the engine, and a version that gets work', () => {
    const info = computeNodeInfo(facts)
    expect(info).toMatchObject({
      NodeType: 'Compute',
      SupportedProtocols: ['bprotocol/v2', 'ncl/v1'],
      BacalhauVersion: { GOOS: 'linux', GOARCH: 'amd64' },
    })
    expect(info.ComputeNodeInfo.ExecutionEngines).toContain('wasm')
    expect((info.BacalhauVersion?.Major ?? '') >= '1').toBe(true)
    expect(Number.isNaN(Date.parse(info.BacalhauVersion?.BuildDate ?? ''))).toBe(false)
    expect(info.ComputeNodeInfo.MaxCapacity).toEqual({ CPU: 1.6, Memory: 5 })
  })

  it('differs when labels or capacity do, not when only the load does', () => {
    const info = computeNodeInfo(facts)
    expect(staticInfoDiffers(info, { ...info, Labels: { ...info.Labels } })).toBe(false)
    expect(
      staticInfoDiffers(info, { ...info, ComputeNodeInfo: { ...info.ComputeNodeInfo, AvailableCapacity: { CPU: 0.1 }, RunningExecutions: 3 } }),
    ).toBe(false)
    expect(staticInfoDiffers(info, { ...info, Labels: { zone: 'south' } })).toBe(true)
    expect(staticInfoDiffers(info, { ...info, ComputeNodeInfo: { ...info.ComputeNodeInfo, MaxCapacity: { CPU: 2 } } })).toBe(true)
  })

  it('has labels in which the facts win over the configuration', () => {
    const labels = nodeLabels({
      configured: { zone: 'north', name: 'forged', os_type: 'plan9' },
      nodeId: 'n-1',
      platform: 'win32',
      arch: 'x64',
      shoalVersion: '0.1.0',
      gpus: [{ Index: 0, Name: 'Tesla T4', Vendor: 'NVIDIA', Memory: 15360, PCIAddress: '' }],
    })
    expect(labels).toEqual({
      zone: 'north',
      name: 'n-1',
      os_type: 'windows',
      os_arch: 'amd64',
      'shoal.version': '0.1.0',
      'GPU-0': 'Tesla-T4',
      'GPU-0-Memory': '15360-MiB',
    })
  })
})
