import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { networkAddresses } from '../../../electron/local/joining/listen-address'
import type { LocalCluster } from '../../../electron/local/cluster/local-cluster'
import { eventually } from '../../fixtures/eventually'
import { openYard, whenConnected, type ClusterYard } from '../../fixtures/local-cluster'

let yard: ClusterYard
let cluster: LocalCluster
/** One of this machine's own; a machine without any network has none, and then only 0.0.0.0 can be tried. */
const own = networkAddresses(networkInterfaces()).find(({ address }) => !address.includes(':'))?.address

beforeAll(async () => {
  yard = await openYard()
  cluster = await yard.open('cove')
  await cluster.start()
}, 60_000)
afterAll(() => yard.clear())

const joinedAt = (): string | undefined => {
  const connection = cluster.view.localNodes.find((node) => node.name === 'cove-a')?.connection
  return connection?.kind === 'connected' ? connection.address : undefined
}

test.each([
  ['', 'token.empty', 'needs a token'],
  ['hunter2', 'token.weak', 'too weak'],
])('refuses to share with the token "%s", with the reason, and stays where it is', async (token, code, reason) => {
  const before = await cluster.token()
  await expect(cluster.share('0.0.0.0', { token, generated: false })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(reason) as string,
  })
  expect(cluster.view.reach).toMatchObject({ host: '127.0.0.1', shared: false })
  expect(await cluster.token()).toEqual(before)
})

test.each([
  ['203.0.113.77', 'address.not-here'],
  ['127.0.0.1', 'address.this-machine'],
  ['', 'address.not-here'],
  ['nonsense', 'address.not-here'],
])('refuses the address "%s"', async (address, code) => {
  await expect(cluster.share(address)).rejects.toMatchObject({ code })
  expect(cluster.view.reach?.shared).toBe(false)
})

test('listens on the network; its nodes come along and nothing else of it stops', async () => {
  await cluster.share(own ?? '0.0.0.0')
  expect(cluster.view).toMatchObject({ phase: { kind: 'running' }, reach: { host: own ?? '0.0.0.0', shared: true } })
  await eventually('the node at the new address', () => joinedAt() === `nats://${own ?? '127.0.0.1'}:${cluster.view.reach?.port ?? 0}`, 10_000)
  await whenConnected(cluster, 'cove-a')
  expect(cluster.view.apiUrl).toMatch(/^http:\/\/127\.0\.0\.1:/)
})

test('a shared cluster keeps its token strong', async () => {
  await expect(cluster.setToken('', false)).rejects.toMatchObject({ code: 'token.empty' })
  await expect(cluster.setToken('letmein', false)).rejects.toMatchObject({ code: 'token.weak' })
  expect((await cluster.token()).token).toMatch(/^[\w-]{43}$/)
})

test('is of this machine only again', async () => {
  await cluster.unshare()
  expect(cluster.view.reach).toMatchObject({ host: '127.0.0.1', shared: false })
  await eventually('the node at the old address', () => joinedAt() === `nats://127.0.0.1:${cluster.view.reach?.port ?? 0}`)
  await whenConnected(cluster, 'cove')
})

test('an address that has gone meanwhile does not keep the cluster from starting', async () => {
  const home = networkInterfaces()
  const laptop = await yard.open('moved', {
    interfaces: () => ({ ...home, wlan0: [{ address: '198.51.100.7', netmask: '', family: 'IPv4', mac: '', internal: false, cidr: null }] }),
  })
  await laptop.share('198.51.100.7')
  const away = await yard.open('moved')
  await away.start()
  expect(away.view.reach).toMatchObject({ host: '127.0.0.1', shared: false })
  expect(away.view.notices.join(' ')).toContain('198.51.100.7')
  await whenConnected(away, 'moved-a')
})
