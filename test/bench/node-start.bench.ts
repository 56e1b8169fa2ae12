import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { judged, percentile, type Measured } from '../../scripts/bench/results.mjs'
import { startCompute, type Compute } from '../../electron/compute/start-compute'
import { forkCompanions } from '../../electron/process/companion'
import { createLogger } from '../../electron/log/logger'
import { defaultConfig } from '../../shared/config/schema'
import {
  TOKEN,
  ask,
  besideBacalhau,
  computeArgs,
  connectedNodes,
  end,
  freePorts,
  inFreshWorld,
  ofBacalhau,
  orchestratorArgs,
  shoalIn,
  until,
  type Program,
  type World,
} from './cluster-processes'

const ROUNDS = 9
const NODES = 100

/** How long nodes take to be there: started, and after their orchestrator was killed. */
export async function measure({ root, bacalhau }: { readonly root: string; readonly bacalhau: string | undefined }): Promise<readonly Measured[]> {
  const shoal = shoalIn(root)
  return inFreshWorld('start', async (world) => {
    const ours = await starts(world, shoal)
    const theirs = await ofBacalhau(bacalhau, (program) => starts(world, program))
    return [
      judged({
        name: 'serve --compute → CONNECTED in the API',
        unit: 'ms',
        value: ours.join,
        peer: { name: 'node -e 0', value: ours.bare },
        limit: { of: 'ratio', most: 3 },
      }),
      ...(theirs === undefined
        ? []
        : [judged({ name: 'serve --compute → CONNECTED, beside Bacalhau', unit: 'ms', value: ours.join, ...besideBacalhau(theirs.join) })]),
      judged({
        name: 'serve --orchestrator → API answers',
        unit: 'ms',
        value: ours.ready,
        ...besideBacalhau(theirs?.ready),
        limit: { of: 'value', most: 1000 },
      }),
      judged({
        name: `orchestrator kill -9 and restart → ${NODES} nodes CONNECTED`,
        unit: 'ms',
        value: await reunion(world, shoal),
        limit: { of: 'value', most: 2000 },
      }),
    ]
  })
}

/** Process start to the first proof, in a fresh directory each time. */
async function starts(world: World, program: Program): Promise<{ readonly ready: number; readonly join: number; readonly bare: number }> {
  const ready = await medianOf(async () => {
    const ports = await freePorts()
    const child = world.serve(program, orchestratorArgs(world.freshDir(), ports))
    await until(async () => (await ask(ports.api, '/api/v1/agent/alive')) !== undefined)
    return () => end(child)
  })
  const ports = await freePorts()
  const orchestrator = world.serve(program, orchestratorArgs(world.freshDir(), ports))
  await until(async () => (await ask(ports.api, '/api/v1/agent/alive')) !== undefined)
  // Turn by turn, so that both see the same load of the machine.
  const bares: number[] = []
  const join = await medianOf(async (round) => {
    const name = `node-${round}`
    const { api } = await freePorts()
    const child = world.serve(program, computeArgs(name, world.freshDir(), { api, nats: ports.nats }))
    await until(async () => (await connectedNodes(ports.api)).includes(name))
    return async () => {
      await end(child)
      bares.push(await timeOf(bareProcess))
    }
  })
  await end(orchestrator)
  return { ready, join, bare: percentile(bares, 0.5) }
}

async function bareProcess(): Promise<void> {
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit')
}

async function timeOf(action: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await action()
  return performance.now() - began
}

/** The nodes are real ones in every respect but that they share a process. */
async function reunion(world: World, program: Program): Promise<number> {
  const ports = await freePorts()
  const args = orchestratorArgs(world.freshDir(), ports)
  let orchestrator = world.serve(program, args)
  const nodes: Compute[] = await Promise.all(Array.from({ length: NODES }, (_, index) => joinHere(`many-${index}`, ports.nats, world.home)))
  const allConnected = (): Promise<void> => until(async () => (await connectedNodes(ports.api)).length === NODES)
  await allConnected()
  const took = await medianOf(async () => {
    await end(orchestrator, 'SIGKILL')
    const restarted = performance.now()
    orchestrator = world.serve(program, args)
    await allConnected()
    return performance.now() - restarted
  })
  await Promise.all(nodes.map((node) => node.stop()))
  await end(orchestrator)
  return took
}

function joinHere(nodeId: string, port: number, dataDir: string): Promise<Compute> {
  return startCompute({
    nodeId,
    config: { ...defaultConfig, Compute: { ...defaultConfig.Compute, Orchestrators: [`127.0.0.1:${port}`], Auth: { Token: TOKEN } }, Labels: {} },
    dataDir,
    launch: forkCompanions(dataDir),
    hostEnv: {},
    asked: () => false,
    shoalVersion: '0.0.0',
    platform: process.platform,
    arch: process.arch,
    path: undefined,
    startedAt: Date.now(),
    clock: { now: () => Date.now(), monotonicMs: () => performance.now() },
    random: Math.random,
    log: createLogger({ sinks: [], level: 'error', secrets: () => [] }),
  })
}

/** The median time of an action; it may return how to clean up, which does not count, or a time that it took itself. */
async function medianOf(action: (round: number) => Promise<void | number | (() => Promise<void>)>): Promise<number> {
  const samples: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now()
    const outcome = await action(round)
    samples.push(typeof outcome === 'number' ? outcome : performance.now() - began)
    if (typeof outcome === 'function') await outcome()
  }
  return percentile(samples, 0.5)
}
