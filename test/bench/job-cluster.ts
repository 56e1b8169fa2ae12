import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ask, computeArgs, connectedNodes, end, freePorts, orchestratorArgs, until, type Ports, type Program, type World } from './cluster-processes'

/** An orchestrator and its compute nodes, each started as a user would. */
export interface JobCluster {
  readonly ports: Ports
  readonly orchestrator: ChildProcess
  readonly nodes: readonly ChildProcess[]
  readonly api: Api
  end(): Promise<void>
}

/** Calls of an HTTP API over connections that are kept. */
export interface Api {
  /** The JSON answer. Rejects with the answer's text when it is no success. */
  call<Answer>(method: 'GET' | 'PUT' | 'DELETE', path: string, body?: string): Promise<Answer>
}

export interface ToldJob {
  readonly State: { readonly StateType: string; readonly Message?: string }
}
export interface ToldExecution {
  /** Unix nanoseconds. */
  readonly CreateTime: number
  readonly NodeID: string
  readonly ComputeState: { readonly StateType: number }
  readonly RunOutput?: { readonly Stdout: string } | null
}
interface ToldEntry {
  readonly Time: string
  readonly Event: { readonly Message: string; readonly Topic: string }
}

export async function startJobCluster(world: World, program: Program, nodeCount = 1): Promise<JobCluster> {
  const ports = await freePorts()
  const orchestrator = world.serve(program, orchestratorArgs(world.freshDir(), ports))
  await until(async () => (await ask(ports.api, '/api/v1/agent/alive')) !== undefined)
  const nodes: ChildProcess[] = []
  for (let index = 0; index < nodeCount; index += 1) nodes.push(await startNode(world, program, ports, `node-${index}`))
  return {
    ports,
    orchestrator,
    nodes,
    api: openApi(ports.api),
    end: async () => {
      await Promise.all(nodes.map((node) => end(node)))
      await end(orchestrator)
    },
  }
}

/** Resolves when the orchestrator lists the node as connected. */
export async function startNode(
  world: World,
  program: Program,
  ports: Ports,
  name: string,
  more: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const { api, nats: results } = await freePorts()
  const settings = { 'Publishers.Types.Local.Port': results, ...more }
  const node = world.serve(program, computeArgs(name, world.freshDir(), { api, nats: ports.nats }, settings))
  await until(async () => (await connectedNodes(ports.api)).includes(name))
  return node
}

/** A batch job of one module of test/fixtures/wasm, as the body of its submission; `count` of them. */
export function wasmJob(
  root: string,
  module: 'tiny' | 'clock' | 'probe',
  parameters: readonly string[] = [],
  more: { readonly job?: object; readonly task?: object } = {},
): string {
  const base64 = readFileSync(join(root, 'test/fixtures/wasm', `${module}.wasm`)).toString('base64')
  const task = {
    Name: 'main',
    Engine: { Type: 'wasm', Params: { EntryModule: '/job.wasm', Entrypoint: '_start', Parameters: parameters } },
    InputSources: [{ Source: { Type: 'inline', Params: { URL: `data:application/wasm;base64,${base64}` } }, Target: '/job.wasm' }],
    Resources: { CPU: '0.01', Memory: '10Mb' },
    ...more.task,
  }
  return JSON.stringify({ Job: { Type: 'batch', Count: 1, Tasks: [task], ...more.job } })
}

export async function submit(api: Api, body: string): Promise<string> {
  return (await api.call<{ readonly JobID: string }>('PUT', '/api/v1/orchestrator/jobs', body)).JobID
}

export async function stateOf(api: Api, id: string): Promise<string> {
  const { Job } = await api.call<{ readonly Job: ToldJob }>('GET', `/api/v1/orchestrator/jobs/${id}`)
  if (Job.State.StateType === 'Failed') throw new Error(`job ${id} failed: ${Job.State.Message ?? ''}`)
  return Job.State.StateType
}

export async function executionsOf(api: Api, id: string): Promise<readonly ToldExecution[]> {
  return (await api.call<{ readonly Items: readonly ToldExecution[] }>('GET', `/api/v1/orchestrator/jobs/${id}/executions`)).Items
}

/** When each thing happened to a job by the orchestrator's clock, the first first: `Topic: Message` of its history, and Unix milliseconds. */
export async function timesOf(api: Api, id: string): Promise<readonly (readonly [string, number])[]> {
  const { Items } = await api.call<{ readonly Items: readonly ToldEntry[] }>('GET', `/api/v1/orchestrator/jobs/${id}/history?limit=100`)
  const times = Items.map(({ Time, Event }) => [`${Event.Topic}: ${Event.Message}`, milliseconds(Time)] as const)
  return times.sort(([, a], [, b]) => a - b)
}

export async function stop(api: Api, id: string): Promise<void> {
  await api.call('DELETE', `/api/v1/orchestrator/jobs/${id}`)
}

const POLL_MS = 10

/** Of the time that jobs lately took, what passes before a job is first asked for. */
const FIRST_LOOK = 0.8

/**
 * Submits jobs and sees each of them Completed, so many at a time. A job is not asked for before jobs are usually done: whoever asks all the time
 * measures the answers.
 */
export async function runAll(api: Api, body: string, count: number, inFlight: number): Promise<void> {
  let left = count
  let usualMs = POLL_MS
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const id = await submit(api, body)
      const submitted = performance.now()
      await sleep(Math.max(POLL_MS, usualMs * FIRST_LOOK))
      while ((await stateOf(api, id)) !== 'Completed') await sleep(POLL_MS)
      usualMs += (performance.now() - submitted - usualMs) / inFlight
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
}

/** Unix milliseconds of a time in RFC 3339. */
export function milliseconds(time: string): number {
  const [, digits = ''] = /\.(\d+)/.exec(time) ?? []
  return momentOf(Date.parse(time.replace(/\.\d+/, '')) * 1e6 + Number(`0.${digits || '0'}`) * 1e9)
}

/** Unix nanoseconds in milliseconds. A clock that tells whole milliseconds has told the moment half of one too early, on average. */
export function momentOf(nanoseconds: number): number {
  const ms = nanoseconds / 1e6
  return ms + (Number.isInteger(ms) ? 0.5 : 0)
}

/** This moment by the clock that processes of this machine share, in Unix milliseconds with fractions. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now()
}

export function openApi(port: number): Api {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  return {
    call: <Answer>(method: string, path: string, body?: string) =>
      new Promise<Answer>((resolve, reject) => {
        const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
        const asked = request({ host: '127.0.0.1', port, method, path, agent, headers }, (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.on('error', reject)
          answer.on('end', () => {
            const text = Buffer.concat(chunks).toString()
            if (answer.statusCode === 200) resolve(JSON.parse(text) as Answer)
            else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`))
          })
        })
        asked.on('error', reject)
        asked.end(body)
      }),
  }
}
