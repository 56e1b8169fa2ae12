import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
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
  call<Answer>(method: 'GET' | 'PUT', path: string, body?: string): Promise<Answer>
}

export interface ToldJob {
  readonly State: { readonly StateType: string; readonly Message?: string }
}
export interface ToldExecution {
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
export function wasmJob(root: string, module: 'tiny' | 'clock' | 'probe', parameters: readonly string[] = [], more: object = {}): string {
  const base64 = readFileSync(join(root, 'test/fixtures/wasm', `${module}.wasm`)).toString('base64')
  const task = {
    Name: 'main',
    Engine: { Type: 'wasm', Params: { EntryModule: '/job.wasm', Entrypoint: '_start', Parameters: parameters } },
    InputSources: [{ Source: { Type: 'inline', Params: { URL: `data:application/wasm;base64,${base64}` } }, Target: '/job.wasm' }],
    Resources: { CPU: '0.01', Memory: '10Mb' },
  }
  return JSON.stringify({ Job: { Type: 'batch', Count: 1, Tasks: [task], ...more } })
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

/** When each thing happened to a job by the orchestrator's clock, in Unix milliseconds, by the words of its history. */
export async function timesOf(api: Api, id: string): Promise<ReadonlyMap<string, number>> {
  const { Items } = await api.call<{ readonly Items: readonly ToldEntry[] }>('GET', `/api/v1/orchestrator/jobs/${id}/history?limit=100`)
  return new Map([...Items].reverse().map(({ Time, Event }) => [`${Event.Topic}: ${Event.Message}`, milliseconds(Time)]))
}

/** A clock that tells whole milliseconds has told the moment half of one too early, on average. */
function milliseconds(time: string): number {
  const [, digits = ''] = /\.(\d+)/.exec(time) ?? []
  const whole = Date.parse(time.replace(/\.\d+/, ''))
  return whole + Number(`0.${digits || '0'}`) * 1000 + (digits.length <= 3 ? 0.5 : 0)
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
