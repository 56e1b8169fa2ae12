import { expect, test } from 'vitest'
import { accessOf, tokenEffect, type AccessParts } from '../../../../electron/app/clusters/access-view'
import type { NetworkInterfaces } from '../../../../electron/local/joining/listen-address'
import type { Cluster } from '../../../../shared/cluster'
import type { NodeRow } from '../../../../shared/models/node-row'

const TOKEN = 'q7Xh2-zTf0LbWm4VnPc9Ks1Rg6Yd3Ej8Ua5Io_QwHtM'
const interfaces: NetworkInterfaces = {
  lo: [{ address: '127.0.0.1', netmask: '', family: 'IPv4', mac: '', internal: true, cidr: null }],
  eth0: [
    { address: '192.168.1.20', netmask: '', family: 'IPv4', mac: '', internal: false, cidr: null },
    { address: 'fe80::1', netmask: '', family: 'IPv6', mac: '', internal: false, cidr: null, scopeid: 2 },
    { address: '2001:db8::7', netmask: '', family: 'IPv6', mac: '', internal: false, cidr: null, scopeid: 0 },
  ],
}
const row = (id: string, NodeType = 'Compute'): NodeRow => ({
  state: {
    Info: { NodeID: id, NodeType, ComputeNodeInfo: { RunningExecutions: 0, EnqueuedExecutions: 0, address: '' } },
    Membership: 'APPROVED',
    Connection: 'CONNECTED',
    ConnectionState: { Status: 'CONNECTED', LastHeartbeat: '', ConnectedSince: '', DisconnectedSince: '' },
  },
  socket: { kind: 'up', since: 0, clientId: 1, host: '10.0.0.9' },
})
function parts(host: string, token = TOKEN): AccessParts {
  const cluster: Cluster = {
    id: 'reef-1',
    name: 'reef',
    colour: 1,
    kind: 'local',
    apiUrl: 'http://127.0.0.1:1234',
    phase: { kind: 'running', since: 0 },
    link: { kind: 'live', asOf: 0, feed: 'events' },
    localNodes: [
      { name: 'reef', role: 'orchestrator', state: { kind: 'stopped' } },
      { name: 'reef-a', role: 'compute', state: { kind: 'stopped' } },
    ],
    reach: { host, port: 4222, shared: host !== '127.0.0.1' },
    notices: [],
  }
  return {
    cluster,
    token: { token, generated: true, changedAt: 5, configPath: '/data/reef/config.yaml' },
    rows: [row('reef', 'Requester'), row('reef-a'), row('far')],
    interfaces,
  }
}

test('tells all about the token but the token', () => {
  const access = accessOf(parts('192.168.1.20'))
  expect(access.token).toMatchObject({ set: true, generated: true, changedAt: 5, source: '/data/reef/config.yaml' })
  expect(access.usedBy).toEqual({ local: 1, remote: 1 })
  expect(JSON.stringify(access)).not.toContain(TOKEN)
  expect(accessOf(parts('127.0.0.1', '')).token).toEqual({ set: false })
})

test.each([
  ['127.0.0.1', ['127.0.0.1:4222']],
  ['192.168.1.20', ['192.168.1.20:4222']],
  ['0.0.0.0', ['127.0.0.1:4222', '192.168.1.20:4222']],
  ['::', ['127.0.0.1:4222', '192.168.1.20:4222', '[2001:db8::7]:4222']],
  ['2001:db8::7', ['[2001:db8::7]:4222']],
])('listening on %s, it is reached at %j', (host, addresses) => {
  expect(accessOf(parts(host)).addresses.map(({ address }) => address)).toEqual(addresses)
})

test('gives commands for another machine, with a place for the token where there is one', () => {
  const [shoal, bacalhau] = accessOf(parts('0.0.0.0')).commands
  expect(shoal).toMatchObject({
    product: 'Shoal',
    command: 'shoal config set Compute.Auth.Token=TOKEN\nshoal serve --compute -c Compute.Orchestrators=nats://192.168.1.20:4222',
  })
  expect(bacalhau?.command).toContain('bacalhau serve --compute -c Compute.Orchestrators=nats://192.168.1.20:4222')
  expect(accessOf(parts('127.0.0.1', '')).commands[0]?.command).not.toContain('TOKEN')
})

test('tells what a change of the token does, before it is done', () => {
  expect(tokenEffect(parts('127.0.0.1'), TOKEN, true).effects).toEqual(['It is the token that is set now: nothing changes.'])
  const { effects, strength } = tokenEffect(parts('0.0.0.0'), 'letmein', false)
  expect(strength.verdict).toBe('weak')
  expect(effects).toEqual([
    '1 node of this machine takes it over and reconnects at once.',
    '1 node of other machines is refused from its next connection on, until it has the new token.',
    'It is refused: this cluster can be reached from the network.',
  ])
  expect(tokenEffect(parts('127.0.0.1'), '', false).effects.at(-1)).toBe('Every program of this machine can join without a token.')
})

test('a generated token has the bits it was made of, before and after it is set; others are weighed', () => {
  expect(accessOf(parts('127.0.0.1')).token).toMatchObject({ bits: 256 })
  expect(tokenEffect(parts('127.0.0.1'), TOKEN, true).strength).toMatchObject({ bits: 256, verdict: 'strong' })
  expect(tokenEffect(parts('127.0.0.1'), TOKEN, false).strength.bits).toBeLessThanOrEqual(258)
  expect(tokenEffect(parts('127.0.0.1'), 'abc', false).strength.bits).toBeLessThan(10)
})
