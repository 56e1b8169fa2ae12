import { setTimeout as sleep } from 'node:timers/promises'
import { judged, percentile, type Measured } from '../../scripts/bench/results.mjs'
import { dial } from '../../electron/transport/dial'
import type { NatsLink } from '../../electron/transport/link'
import { parseAddresses } from '../../shared/address'
import { PlayedNode } from '../fixtures/orchestrator/played-node'
import {
  TOKEN,
  ask,
  besideBacalhau,
  connectedNodes,
  freePorts,
  inFreshWorld,
  load,
  ofBacalhau,
  orchestratorArgs,
  shoalIn,
  until,
  type Program,
  type World,
} from './cluster-processes'
import { cpuSeconds, withChildren } from './process-figures'

const NODES = 1000
const HEARTBEAT_MS = 15_000
const LISTS = 25
/** Connections are opened this many at a time: this is about the orchestrator, not about one process that opens a thousand sockets. */
const DIALS_AT_ONCE = 50

/** What a thousand nodes cost an orchestrator: to join, to be listed, to beat. The nodes are simulated, the protocol is not. */
export async function measure({ root, bacalhau }: { readonly root: string; readonly bacalhau: string | undefined }): Promise<readonly Measured[]> {
  return inFreshWorld('thousand', async (world) => {
    const ours = await crowd(world, shoalIn(root))
    const theirs = await ofBacalhau(bacalhau, (program) => crowd(world, program))
    return [
      judged({
        name: `${NODES} handshakes at once → all CONNECTED`,
        unit: 'ms',
        value: ours.joinMs,
        ...besideBacalhau(theirs?.joinMs),
        limit: { of: 'value', most: 1000 },
      }),
      judged({
        name: `node list of ${NODES}, median`,
        unit: 'ms',
        value: ours.listMs,
        ...besideBacalhau(theirs?.listMs),
        limit: { of: 'value', most: 20 },
      }),
      judged({
        name: `orchestrator and nats-server, ${NODES} heartbeats every 15 s`,
        unit: '% of a core',
        value: ours.corePercent,
        ...besideBacalhau(theirs?.corePercent),
        limit: { of: 'value', most: 15 },
      }),
    ]
  })
}

interface Crowd {
  readonly joinMs: number
  readonly listMs: number
  readonly corePercent: number
}

async function crowd(world: World, program: Program): Promise<Crowd> {
  const ports = await freePorts()
  const orchestrator = world.serve(program, orchestratorArgs(world.freshDir(), ports))
  await until(async () => (await ask(ports.api, '/api/v1/agent/alive')) !== undefined)
  const links: NatsLink[] = []
  const addresses = parseAddresses([`127.0.0.1:${ports.nats}`])
  while (links.length < NODES) {
    const first = links.length
    links.push(
      ...(await Promise.all(
        Array.from({ length: DIALS_AT_ONCE }, (_, index) =>
          dial({ addresses, name: `sim-${first + index}`, credentials: { kind: 'token', token: () => TOKEN }, connectTimeoutMs: 10_000 }),
        ),
      )),
    )
  }
  const nodes = links.map((link, index) => new PlayedNode(link, `sim-${index}`))
  await Promise.all(links.map((link) => link.flush()))

  const began = performance.now()
  await Promise.all(nodes.map((node) => node.handshake()))
  await until(async () => (await connectedNodes(ports.api)).length === NODES)
  const joinMs = performance.now() - began

  const lists: number[] = []
  for (let round = 0; round < LISTS; round += 1) {
    const asked = performance.now()
    await load(ports.api, '/api/v1/orchestrator/nodes?limit=10000')
    lists.push(performance.now() - asked)
  }

  let beating = true
  const beats = nodes.map(async (node, index) => {
    await sleep((index / NODES) * HEARTBEAT_MS)
    while (beating) {
      await node.heartbeat()
      await sleep(HEARTBEAT_MS)
    }
  })
  await sleep(HEARTBEAT_MS)
  const pids = await withChildren(orchestrator.pid ?? 0)
  const from = await cpuSeconds(pids)
  const watched = performance.now()
  await sleep(2 * HEARTBEAT_MS)
  const seconds = (performance.now() - watched) / 1000
  const corePercent = (((await cpuSeconds(pids)) - from) / seconds) * 100
  beating = false
  await Promise.all(beats)
  await Promise.all(links.map((link) => link.close()))
  orchestrator.kill('SIGKILL')
  return { joinMs, listMs: percentile(lists, 0.5), corePercent }
}
