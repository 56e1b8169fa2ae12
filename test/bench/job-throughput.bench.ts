import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { judged, type Measured } from '../../scripts/bench/results.mjs'
import { besideBacalhau, inFreshWorld, ofBacalhau, shoalIn, type Program, type World } from './cluster-processes'
import { runAll, startJobCluster, wasmJob, type Api, type JobCluster } from './job-cluster'
import { cpuSeconds, memoryBytes, nameOf, withChildren } from './process-figures'

const WARM = 200
const JOBS = 500
const IN_FLIGHT = 16
/** Jobs after which memory is looked at, and at the end once more. */
const SETTLED_AFTER = 3000
const ALL = 10_000
const PAGE = 1000
const SETTLE_MS = 5000
const KIB = 1024
const MIB = 1024 * KIB

/** How many small WASM jobs go through a cluster of one node, what each costs, and what is left of them. Every acknowledged step is durable. */
export async function measure({ root, bacalhau }: { readonly root: string; readonly bacalhau: string | undefined }): Promise<readonly Measured[]> {
  return inFreshWorld('throughput', async (world) => {
    const cluster = await startJobCluster(world, shoalIn(root))
    const ours = await burst(root, cluster)
    const memory = await many(root, cluster)
    await cluster.end()
    const theirs = await ofBacalhau(bacalhau, (program) => burstOf(root, world, program))
    const rate = (perSecond: number): number => 1000 / perSecond
    return [
      judged({
        name: `${JOBS} WASM jobs, ${IN_FLIGHT} in flight: time a job (${Math.round(ours.perSecond)} jobs/s${theirs === undefined ? '' : `; Bacalhau ${Math.round(theirs.perSecond)}`})`,
        unit: 'ms',
        value: rate(ours.perSecond),
        ...besideBacalhau(theirs && rate(theirs.perSecond)),
        limit: { of: 'value', most: rate(300) },
      }),
      {
        name: 'time a job, beside bare spawns with as many in flight',
        unit: 'ms',
        value: rate(ours.perSecond),
        peer: { name: 'bare spawn', value: rate(await spawnsPerSecond()) },
      },
      judged({
        name: 'CPU of all processes a job',
        unit: 'ms',
        value: ours.cpuMs,
        ...besideBacalhau(theirs?.cpuMs),
        limit: { of: 'value', most: 5 },
      }),
      judged({ name: `${ALL} jobs: not accounted for`, unit: 'jobs', value: memory.lost, limit: { of: 'value', most: 0 } }),
      judged({
        name: `node and its engine, memory after ${ALL} jobs`,
        unit: 'MiB',
        value: memory.end.node / MIB,
        peer: { name: `after ${SETTLED_AFTER}`, value: memory.settled.node / MIB },
        limit: { of: 'ratio', most: 1.1 },
      }),
      judged({
        name: `nats-server, memory after ${ALL} jobs`,
        unit: 'MiB',
        value: memory.end.natsServer / MIB,
        peer: { name: `after ${SETTLED_AFTER}`, value: memory.settled.natsServer / MIB },
        limit: { of: 'ratio', most: 1.1 },
      }),
      judged({
        name: 'orchestrator, memory a finished job',
        unit: 'KiB',
        value: (memory.end.orchestrator - memory.settled.orchestrator) / (ALL - SETTLED_AFTER) / KIB,
        limit: { of: 'value', most: 2 },
      }),
    ]
  })
}

interface Burst {
  readonly perSecond: number
  readonly cpuMs: number
}

async function burstOf(root: string, world: World, program: Program): Promise<Burst> {
  const cluster = await startJobCluster(world, program)
  const found = await burst(root, cluster)
  await cluster.end()
  return found
}

async function burst(root: string, cluster: JobCluster): Promise<Burst> {
  const body = wasmJob(root, 'tiny')
  await runAll(cluster.api, body, WARM, IN_FLIGHT)
  const pids = (await Promise.all([cluster.orchestrator, ...cluster.nodes].map(({ pid }) => withChildren(pid ?? 0)))).flat()
  const cpu = await cpuSeconds(pids)
  const began = performance.now()
  await runAll(cluster.api, body, JOBS, IN_FLIGHT)
  const seconds = (performance.now() - began) / 1000
  return { perSecond: JOBS / seconds, cpuMs: (((await cpuSeconds(pids)) - cpu) * 1000) / JOBS }
}

interface Memory {
  readonly orchestrator: number
  readonly natsServer: number
  readonly node: number
}

async function many(root: string, cluster: JobCluster): Promise<{ readonly settled: Memory; readonly end: Memory; readonly lost: number }> {
  const body = wasmJob(root, 'tiny')
  await runAll(cluster.api, body, SETTLED_AFTER - WARM - JOBS, IN_FLIGHT)
  const settled = await memoryOf(cluster)
  await runAll(cluster.api, body, ALL - SETTLED_AFTER, IN_FLIGHT)
  const end = await memoryOf(cluster)
  return { settled, end, lost: ALL - (await completedOnce(cluster.api)) }
}

async function memoryOf({ orchestrator, nodes }: JobCluster): Promise<Memory> {
  // What ended a moment ago is still being put away.
  await sleep(SETTLE_MS)
  const [, ...children] = await withChildren(orchestrator.pid ?? 0)
  const names = await Promise.all(children.map(nameOf))
  return {
    orchestrator: await memoryBytes([orchestrator.pid ?? 0]),
    natsServer: await memoryBytes(children.filter((_, index) => names[index] === 'nats-server')),
    node: await memoryBytes((await Promise.all(nodes.map(({ pid }) => withChildren(pid ?? 0)))).flat()),
  }
}

/** How many different jobs the list has that are Completed. */
async function completedOnce(api: Api): Promise<number> {
  const completed = new Set<string>()
  for (let token = ''; ;) {
    const page = await api.call<{
      readonly Items: readonly { readonly ID: string; readonly State: { readonly StateType: string } }[]
      readonly NextToken?: string
    }>('GET', `/api/v1/orchestrator/jobs?limit=${PAGE}&next_token=${token}`)
    for (const { ID, State } of page.Items) if (State.StateType === 'Completed') completed.add(ID)
    token = page.NextToken ?? ''
    if (token === '') return completed.size
  }
}

async function spawnsPerSecond(): Promise<number> {
  let left = JOBS
  const began = performance.now()
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await once(spawn('/bin/true', { stdio: 'ignore' }), 'exit')
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
  return (JOBS * 1000) / (performance.now() - began)
}
