import { expect, test } from 'vitest'
import { clusterForWindow, forWindow } from '../../../../electron/app/ipc/window-hint'
import type { Cluster } from '../../../../shared/cluster'

const unreachable = { code: 'client.unreachable', message: 'Nobody is there.', hint: 'Give another with --api-host.' }
const own = { code: 'config.broken-file', message: 'Line 3.', hint: 'Correct the line.' }

test('a step of the command line becomes one of the window; others stay', () => {
  expect(forWindow(unreachable)).toMatchObject({ message: 'Nobody is there.', hint: expect.not.stringContaining('--') as string })
  expect(forWindow(own)).toBe(own)
})

test('every failure of a cluster is told for the window', () => {
  const cluster: Cluster = {
    id: 'a',
    name: 'a',
    colour: 1,
    kind: 'local',
    apiUrl: '',
    phase: { kind: 'failed', at: 1, failure: unreachable, steps: [] },
    link: { kind: 'stale', asOf: 1, failure: unreachable, nextTryAt: 2 },
    localNodes: [
      { name: 'a', role: 'orchestrator', state: { kind: 'failed', since: 1, failure: unreachable } },
      { name: 'a-a', role: 'compute', state: { kind: 'waiting', since: 1, nextTryAt: 2, attempt: 1, failure: unreachable } },
    ],
    notices: [],
  }
  expect(JSON.stringify(clusterForWindow(cluster))).not.toContain('--api-host')
})
