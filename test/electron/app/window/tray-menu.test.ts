import { describe, expect, it } from 'vitest'
import { stateLine, trayMenu } from '../../../../electron/app/window/tray-menu'
import type { Cluster, ClusterLink, ClusterPhase, LocalNode } from '../../../../shared/cluster'
import { AppError, toFailure } from '../../../../shared/errors'

const failure = toFailure(new AppError('port.taken', 'Port 4222 is taken.'))
const live: ClusterLink = { kind: 'live', asOf: 1, feed: 'events' }
const up: ClusterPhase = { kind: 'running', since: 1 }
const node = (name: string, state: LocalNode['state']): LocalNode => ({ name, role: 'compute', state })

function cluster(name: string, phase: ClusterPhase, more: Partial<Cluster> = {}): Cluster {
  return { id: `${name}-1`, name, colour: 1, kind: 'local', apiUrl: '', phase, link: live, localNodes: [], notices: [], ...more }
}

describe('the state line', () => {
  it.each<[string, readonly Cluster[] | undefined, string]>([
    ['is there before clusters are', undefined, '◐ Starting…'],
    ['of no cluster', [], '○ Nothing runs'],
    ['of a stopped one', [cluster('a', { kind: 'stopped' })], '○ Nothing runs'],
    ['of one that starts', [cluster('a', { kind: 'starting', since: 1, steps: [] })], '◐ a starting…'],
    [
      'of one that runs',
      [cluster('a', up, { localNodes: [node('x', { kind: 'running', since: 1, pid: 1, restarts: 0 }), node('y', { kind: 'stopped' })] })],
      '● a is up, 1 node on this machine',
    ],
    ['of several that run', [cluster('a', up), cluster('b', up)], '● 2 clusters are up, 0 nodes on this machine'],
    ['names a failure before all that goes well', [cluster('a', up), cluster('b', { kind: 'failed', at: 1, failure, steps: [] })], '▲ b failed'],
    ['names silence', [cluster('a', up, { link: { kind: 'stale', asOf: 1, failure, nextTryAt: 2 } })], '▲ a does not answer'],
    ['counts several failures', ['a', 'b'].map((name) => cluster(name, { kind: 'failed', at: 1, failure, steps: [] })), '▲ 2 clusters: failed'],
  ])('%s', (_, clusters, line) => {
    expect(stateLine(clusters)).toBe(line)
  })
})

describe('the menu', () => {
  it('lets one start what is down and stop what is up, and nothing in between', () => {
    const menu = trayMenu([cluster('up', up), cluster('down', { kind: 'stopped' }), cluster('going', { kind: 'stopping', since: 1 })])
    expect(menu[1]).toEqual([
      { text: '● up: running' },
      { text: 'Stop up', act: { kind: 'stop', clusterId: 'up-1' } },
      { text: '○ down: stopped' },
      { text: 'Start down', act: { kind: 'start', clusterId: 'down-1' } },
      { text: '◐ going: stopping…' },
    ])
  })

  it('offers no start or stop for an orchestrator of somebody else', () => {
    expect(trayMenu([cluster('far', up, { kind: 'attached' })])[1]).toEqual([{ text: '● far: running' }])
  })

  it.each([[undefined], [[]]])('ends with the ways back in and out, with %s clusters', (clusters) => {
    const menu = trayMenu(clusters)
    expect(menu).toHaveLength(2)
    expect(menu.at(-1)?.map(({ act }) => act)).toEqual([{ kind: 'open' }, { kind: 'quit' }])
  })
})
