import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createClient } from '../../../electron/client/http-client'
import { eventually } from '../../fixtures/eventually'
import { makeShoalHome } from '../../fixtures/shoal-command'
import type { ShoalHome, Started } from '../../fixtures/shoal-command'

const TOKEN = 'kR4-w7TzQp_9sLmV2xYb'

const homes: ShoalHome[] = []
afterEach(async () => {
  // Nodes first: an orchestrator that leaves before them would be searched for.
  for (const home of homes.splice(0).reverse()) await home.remove()
})

function newHome(): ShoalHome {
  const home = makeShoalHome()
  homes.push(home)
  return home
}

/** Ports that were free a moment ago, all different. */
async function freePorts<const Names extends readonly string[]>(...names: Names): Promise<Readonly<Record<Names[number], number>>> {
  const servers = await Promise.all(
    names.map(
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server))
        }),
    ),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return Object.fromEntries(names.map((name, index) => [name, ports[index]])) as Readonly<Record<Names[number], number>>
}

async function set(home: ShoalHome, ...settings: string[]): Promise<void> {
  for (const setting of settings) {
    const { code, err } = await home.run(['config', 'set', setting])
    expect(code, err).toBe(0)
  }
}

/** Ids of the compute nodes that an orchestrator calls connected. */
async function connectedAt(apiPort: number): Promise<readonly string[]> {
  const client = createClient({ baseUrl: `http://127.0.0.1:${apiPort}` })
  try {
    const { Nodes } = await client.call('listNodes')
    return (Nodes ?? [])
      .filter((node) => node.Info.NodeType === 'Compute' && node.ConnectionState.Status === 'CONNECTED')
      .map((node) => node.Info.NodeID)
  } finally {
    client.close()
  }
}

const orNone = (found: Promise<readonly string[]>): Promise<readonly string[]> => found.catch(() => [])

/** An orchestrator set up as the guide says. The default ports may be taken on this machine: others are set the same way. */
async function orchestrator(): Promise<{ readonly nats: number; readonly api: number; readonly process: Started }> {
  const { nats, api } = await freePorts('nats', 'api')
  const home = newHome()
  await set(home, `Orchestrator.Auth.Token=${TOKEN}`, `Orchestrator.Port=${nats}`, `API.Port=${api}`)
  const process = home.start(['serve', '--orchestrator'])
  await eventually('the orchestrator answers', async () => (await home.run(['agent', 'alive'])).code === 0, 15_000)
  return { nats, api, process }
}

async function joined(api: number): Promise<string> {
  return eventually('a node is connected', async () => (await orNone(connectedAt(api)))[0], 15_000)
}

describe('the way of working of the guide to NATS', () => {
  it('config set of both tokens, serve --orchestrator, serve --compute --config Compute.Orchestrators=HOST', async () => {
    const { nats, api } = await orchestrator()
    const { own } = await freePorts('own')
    const node = newHome()
    await set(node, `Compute.Auth.Token=${TOKEN}`, `API.Port=${own}`)
    const started = node.start(['serve', '--compute', '--config', `Compute.Orchestrators=127.0.0.1:${nats}`])
    const id = await joined(api)
    const { out } = await node.run(['node', 'list', '--output', 'json', '--api-port', String(api)])
    const listed = JSON.parse(out) as readonly { readonly Info: { readonly NodeID: string }; readonly Membership: string }[]
    expect(listed.find((row) => row.Info.NodeID === id)?.Membership).toBe('APPROVED')
    started.child.kill('SIGINT')
    expect((await started.ended).code).toBe(0)
    await eventually('the node is gone', async () => (await connectedAt(api)).length === 0)
    expect(started.out() + started.err()).not.toContain(TOKEN)
  })

  it('serve --compute --Compute.Orchestrators=TOKEN@HOST', async () => {
    const { nats, api, process } = await orchestrator()
    const { own } = await freePorts('own')
    const started = newHome().start(['serve', '--compute', `--Compute.Orchestrators=${TOKEN}@127.0.0.1:${nats}`, '--api-port', String(own)])
    await joined(api)
    expect(started.out() + started.err() + process.out() + process.err()).not.toContain(TOKEN)
  })

  it('a wrong token is told in one sentence, the node goes on trying, and joins once the token is right', async () => {
    const { nats, api } = await orchestrator()
    const { own } = await freePorts('own')
    const node = newHome()
    await set(node, 'Compute.Auth.Token=wrong-token-of-mine', `API.Port=${own}`, `Compute.Orchestrators=127.0.0.1:${nats}`)
    const started = node.start(['serve', '--compute'])
    const said = await eventually(
      'it says so',
      () => (started.out() + started.err()).split('\n').find((line) => /token/i.test(line) && /refuse|reject|wrong/i.test(line)),
      15_000,
    )
    expect(said).toContain(String(nats))
    expect(started.out() + started.err()).not.toContain('wrong-token-of-mine')
    expect(started.child.exitCode).toBeNull()
    expect(await connectedAt(api)).toEqual([])
    await set(node, `Compute.Auth.Token=${TOKEN}`)
    started.child.kill('SIGHUP')
    await joined(api)
  })
})
