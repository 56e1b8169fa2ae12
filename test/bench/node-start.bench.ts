import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { judged, percentile, type Measured } from '../../scripts/bench/results.mjs'
import { startCompute, type Compute } from '../../electron/compute/start-compute'
import { createLogger } from '../../electron/log/logger'
import { defaultConfig } from '../../shared/config/schema'

const ROUNDS = 9
const NODES = 100
const TOKEN = 'bench-9f3b1c7d5e2a4860'
const LIMIT_MS = 60_000

interface Program {
  readonly name: string
  readonly argv: readonly [string, ...string[]]
}
interface Ports {
  readonly api: number
  readonly nats: number
}

/** How long nodes take to be there: started, and after their orchestrator was killed. */
export async function measure({ root, bacalhau }: { readonly root: string; readonly bacalhau: string | undefined }): Promise<readonly Measured[]> {
  const home = await mkdtemp(join(tmpdir(), 'bench-start-'))
  const shoal: Program = { name: 'Shoal', argv: [process.execPath, join(root, 'dist', 'cli.js')] }
  const started: ChildProcess[] = []
  const world = createWorld(home, started)
  try {
    const ours = await starts(world, shoal)
    const theirs = bacalhau === undefined ? undefined : await starts(world, { name: 'Bacalhau', argv: [bacalhau] })
    const peer = (value: number | undefined): Pick<Measured, 'peer'> => (value === undefined ? {} : { peer: { name: 'Bacalhau', value } })
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
        : [judged({ name: 'serve --compute → CONNECTED, beside Bacalhau', unit: 'ms', value: ours.join, ...peer(theirs.join) })]),
      judged({
        name: 'serve --orchestrator → API answers',
        unit: 'ms',
        value: ours.ready,
        ...peer(theirs?.ready),
        limit: { of: 'value', most: 1000 },
      }),
      judged({
        name: `orchestrator kill -9 and restart → ${NODES} nodes CONNECTED`,
        unit: 'ms',
        value: await reunion(world, shoal),
        limit: { of: 'value', most: 2000 },
      }),
    ]
  } finally {
    for (const child of started) child.kill('SIGKILL')
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

interface World {
  readonly home: string
  freshDir(): string
  serve(program: Program, args: readonly string[]): ChildProcess
}

function createWorld(home: string, started: ChildProcess[]): World {
  let dirs = 0
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, BACALHAU_DISABLE_ANALYTICS: 'true' }
  return {
    home,
    freshDir: () => join(home, `d${(dirs += 1)}`),
    serve: ({ argv: [file, ...first] }, args) => {
      const child = spawn(file, [...first, 'serve', ...args], { env, cwd: home, stdio: 'ignore' })
      started.push(child)
      return child
    },
  }
}

const orchestratorArgs = (dir: string, { api, nats }: Ports): string[] => [
  '--orchestrator',
  '--data-dir',
  dir,
  ...flags({
    'API.Host': '127.0.0.1',
    'API.Port': api,
    'Orchestrator.Host': '127.0.0.1',
    'Orchestrator.Port': nats,
    'Orchestrator.Auth.Token': TOKEN,
  }),
]

function flags(settings: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])
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
    const settings = { 'API.Host': '127.0.0.1', 'API.Port': api, 'Compute.Orchestrators': `127.0.0.1:${ports.nats}`, 'Compute.Auth.Token': TOKEN }
    const child = world.serve(program, ['--compute', '--name', name, '--data-dir', world.freshDir(), ...flags(settings)])
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
    config: { Compute: { ...defaultConfig.Compute, Orchestrators: [`127.0.0.1:${port}`], Auth: { Token: TOKEN } }, Labels: {} },
    dataDir,
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

async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'exit')
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + LIMIT_MS; !(await condition()); await sleep(3)) {
    if (performance.now() > deadline) throw new Error(`not within ${LIMIT_MS} ms`)
  }
}

async function connectedNodes(api: number): Promise<readonly string[]> {
  const answer = (await ask(api, '/api/v1/orchestrator/nodes')) as
    { readonly Nodes?: readonly { readonly Info: { readonly NodeID: string; readonly NodeType: string }; readonly Connection: string }[] } | undefined
  return (answer?.Nodes ?? [])
    .filter(({ Info, Connection }) => Info.NodeType === 'Compute' && Connection === 'CONNECTED')
    .map(({ Info }) => Info.NodeID)
}

const agent = new Agent({ keepAlive: false })

/** A JSON answer of an API on this machine; undefined while nobody answers. */
function ask(port: number, path: string): Promise<unknown> {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path, agent }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => (text += chunk))
      answer.on('error', () => resolve(undefined))
      answer.on('end', () => resolve(answer.statusCode === 200 ? JSON.parse(text) : undefined))
    }).on('error', () => resolve(undefined))
  })
}

async function freePorts(): Promise<Ports> {
  const [api, nats] = await Promise.all([freePort(), freePort()])
  return { api, nats }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
