import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { testAttach } from '../../../../electron/app/clusters/attach-test'
import type { LocalCluster } from '../../../../electron/local/cluster/local-cluster'
import { eventually } from '../../../fixtures/eventually'
import { openYard, type ClusterYard } from '../../../fixtures/local-cluster'

let yard: ClusterYard
let cluster: LocalCluster
let elsewhere: Server
beforeAll(async () => {
  yard = await openYard()
  cluster = await yard.open('fjord')
  await cluster.start()
  elsewhere = createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end('<h1>A web site</h1>'))
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
}, 60_000)
afterAll(async () => {
  elsewhere.close()
  await yard.clear()
})

test('finds a Shoal orchestrator, with its nodes and how it tells changes', async () => {
  const url = cluster.view.apiUrl!
  expect(await testAttach(url.replace('http://', ''))).toMatchObject({ apiUrl: url, product: 'Shoal', nodeId: 'fjord', nodes: 2, feed: 'events' })
})

test('a compute node is no orchestrator', async () => {
  const url = await eventually('its API', () => cluster.view.localNodes.find((node) => node.role === 'compute')?.apiUrl)
  await expect(testAttach(url)).rejects.toMatchObject({ code: 'attach.no-orchestrator' })
})

test('neither is a web site, a closed port, or something that is no address', async () => {
  await expect(testAttach(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`)).rejects.toMatchObject({
    code: 'client.unexpected-answer',
  })
  await expect(testAttach('http://127.0.0.1:9')).rejects.toMatchObject({
    code: expect.stringMatching(/^client\./) as string,
    hint: expect.any(String) as string,
  })
  await expect(testAttach('ftp://host')).rejects.toMatchObject({ code: 'client.bad-address' })
})
