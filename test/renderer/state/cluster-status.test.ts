import { describe, expect, it } from 'vitest'
import type { Cluster } from '../../../shared/cluster'
import { asOf, clusterPlace, clusterWord, clusterWords } from '../../../renderer/state/cluster-status'

const now = 1_800_000_000_000
const failure = { code: 'x', message: 'x' }
const cluster = (change: Partial<Cluster> = {}): Cluster => ({
  id: 'c1',
  name: 'tidepool',
  colour: 1,
  kind: 'local',
  apiUrl: '',
  phase: { kind: 'running', since: now },
  link: { kind: 'live', asOf: now, feed: 'events' },
  localNodes: [],
  notices: [],
  ...change,
})

describe('clusterWord', () => {
  it.each([
    ['running', cluster()],
    ['connecting', cluster({ link: { kind: 'connecting', since: now } })],
    ['noAnswer', cluster({ link: { kind: 'stale', asOf: now, failure, nextTryAt: now } })],
    ['noAnswer', cluster({ link: { kind: 'unreachable', failure, nextTryAt: now } })],
    ['stopped', cluster({ phase: { kind: 'stopped' } })],
    ['failed', cluster({ phase: { kind: 'failed', at: now, failure, steps: [] } })],
    ['degraded', cluster({ localNodes: [{ name: 'a', role: 'compute', state: { kind: 'failed', since: now, failure } }] })],
  ] as const)('is %s', (word, told) => {
    expect(clusterWord(told)).toBe(word)
  })

  it('does not call a cluster degraded for a node that was stopped by hand', () => {
    expect(clusterWord(cluster({ localNodes: [{ name: 'a', role: 'compute', state: { kind: 'stopped' } }] }))).toBe('running')
  })

  it('never takes no answer for good or bad', () => {
    expect(clusterWords.noAnswer).toBe('unknown')
  })
})

describe('clusterPlace', () => {
  it('tells shared clusters, those of this machine, and attached ones apart', () => {
    expect(clusterPlace(cluster({ reach: { host: '192.168.1.20', port: 4222, shared: true } }))).toBe('shared')
    expect(clusterPlace(cluster({ reach: { host: '127.0.0.1', port: 4222, shared: false } }))).toBe('thisMachine')
    expect(clusterPlace(cluster())).toBe('thisMachine')
    expect(clusterPlace(cluster({ kind: 'attached' }))).toBe('attached')
  })
})

describe('asOf', () => {
  const live = (ageMs: number) => asOf(cluster({ link: { kind: 'live', asOf: now - ageMs, feed: 'events' } }), now)
  it('is live under 2 s, aged above, old from 10 s', () => {
    expect(live(1999)).toEqual({ kind: 'live' })
    expect(live(2000)).toEqual({ kind: 'aged', ageMs: 2000, old: false })
    expect(live(9999)).toMatchObject({ old: false })
    expect(live(10_000)).toMatchObject({ old: true })
  })

  it('takes a clock that runs ahead for fresh', () => {
    expect(live(-5000)).toEqual({ kind: 'live' })
  })

  it('tells since when old data is old', () => {
    expect(asOf(cluster({ link: { kind: 'stale', asOf: now - 9000, failure, nextTryAt: now } }), now)).toEqual({ kind: 'stale', at: now - 9000 })
    expect(asOf(cluster({ link: { kind: 'none' } }), now)).toEqual({ kind: 'nothing' })
  })
})
