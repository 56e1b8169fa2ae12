import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Measured } from '../../scripts/bench/results.mjs'

export const TOKEN = 'bench-9f3b1c7d5e2a4860'

const LIMIT_MS = 60_000

export interface Program {
  readonly name: string
  readonly argv: readonly [string, ...string[]]
}
/** The built command line of a checkout. */
export const shoalIn = (root: string): Program => ({ name: 'Shoal', argv: [process.execPath, join(root, 'dist', 'cli.js')] })

/** Bacalhau's figure of the same run, where it was measured. */
export function besideBacalhau(value: number | undefined): Pick<Measured, 'peer'> {
  return value === undefined ? {} : { peer: { name: 'Bacalhau', value } }
}

export interface Ports {
  readonly api: number
  readonly nats: number
}

export interface World {
  readonly home: string
  freshDir(): string
  start(argv: readonly [string, ...string[]]): ChildProcess
  serve(program: Program, args: readonly string[]): ChildProcess
}

/** What of Bacalhau is measured beside it, where there is one to be had at that path. */
export async function ofBacalhau<T>(path: string | undefined, measured: (program: Program) => Promise<T>): Promise<T | undefined> {
  return path === undefined ? undefined : measured({ name: 'Bacalhau', argv: [path] })
}

/** Measures in a folder of its own; neither the folder nor a process is left after it. */
export async function inFreshWorld<T>(name: string, measured: (world: World) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), `bench-${name}-`))
  const started: ChildProcess[] = []
  try {
    return await measured(createWorld(home, started))
  } finally {
    for (const child of started) child.kill('SIGKILL')
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

function createWorld(home: string, started: ChildProcess[]): World {
  let dirs = 0
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, BACALHAU_DISABLE_ANALYTICS: 'true' }
  const start = ([file, ...args]: readonly [string, ...string[]]): ChildProcess => {
    const child = spawn(file, args, { env, cwd: home, stdio: 'ignore' })
    started.push(child)
    return child
  }
  return {
    home,
    freshDir: () => join(home, `d${(dirs += 1)}`),
    start,
    serve: ({ argv }, args) => start([...argv, 'serve', ...args]),
  }
}

export const orchestratorArgs = (dir: string, { api, nats }: Ports): string[] => [
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

export function computeArgs(name: string, dir: string, { api, nats }: Ports, more: Readonly<Record<string, string | number>> = {}): string[] {
  return [
    '--compute',
    '--name',
    name,
    '--data-dir',
    dir,
    ...flags({ 'API.Host': '127.0.0.1', 'API.Port': api, 'Compute.Orchestrators': `127.0.0.1:${nats}`, 'Compute.Auth.Token': TOKEN, ...more }),
  ]
}

function flags(settings: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])
}

export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'exit')
}

export async function until(condition: () => Promise<boolean>, limitMs = LIMIT_MS): Promise<void> {
  for (const deadline = performance.now() + limitMs; !(await condition()); await sleep(3)) {
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms`)
  }
}

export async function connectedNodes(api: number): Promise<readonly string[]> {
  const answer = (await ask(api, '/api/v1/orchestrator/nodes')) as
    { readonly Nodes?: readonly { readonly Info: { readonly NodeID: string; readonly NodeType: string }; readonly Connection: string }[] } | undefined
  return (answer?.Nodes ?? [])
    .filter(({ Info, Connection }) => Info.NodeType === 'Compute' && Connection === 'CONNECTED')
    .map(({ Info }) => Info.NodeID)
}

const agent = new Agent({ keepAlive: false })

/** A JSON answer of an API on this machine; undefined while nobody answers. */
export async function ask(port: number, path: string): Promise<unknown> {
  const text = await load(port, path)
  return text === undefined ? undefined : JSON.parse(text)
}

/** The text of an answer, as soon as its last byte is here; undefined while nobody answers. */
export function load(port: number, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path, agent }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', () => resolve(undefined))
      answer.on('end', () => resolve(answer.statusCode === 200 ? Buffer.concat(chunks).toString() : undefined))
    }).on('error', () => resolve(undefined))
  })
}

export async function freePorts(): Promise<Ports> {
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
