import { describe, expect, it } from 'vitest'
import type { Cluster } from '../../../../shared/cluster'
import { clusterOf, placeFor, samePlace } from '../../../../renderer/state/window/place'

const cluster = (id: string, kind: 'running' | 'stopped'): Cluster => ({
  id,
  name: id,
  colour: 1,
  kind: 'local',
  apiUrl: '',
  phase: kind === 'running' ? { kind, since: 0 } : { kind },
  link: { kind: 'none' },
  localNodes: [],
  notices: [],
})

describe('placeFor', () => {
  it('begins at the start where there is no cluster', () => {
    expect(placeFor([], 'gone')).toEqual({ screen: 'start' })
  })

  it('goes where one was last, else to a cluster that runs, else to any', () => {
    const clusters = [cluster('a', 'stopped'), cluster('b', 'running'), cluster('c', 'stopped')]
    expect(clusterOf(placeFor(clusters, 'c'))).toBe('c')
    expect(clusterOf(placeFor(clusters, 'gone'))).toBe('b')
    expect(clusterOf(placeFor([cluster('a', 'stopped')], undefined))).toBe('a')
  })
})

describe('samePlace', () => {
  it('tells screens, clusters and nodes apart', () => {
    const nodes = { screen: 'nodes', clusterId: 'a' } as const
    expect(samePlace(nodes, { ...nodes })).toBe(true)
    expect(samePlace(nodes, { ...nodes, clusterId: 'b' })).toBe(false)
    expect(samePlace(nodes, { screen: 'access', clusterId: 'a' })).toBe(false)
    expect(samePlace({ screen: 'config', clusterId: 'a', node: 'x' }, { screen: 'config', clusterId: 'a', node: 'y' })).toBe(false)
  })
})
