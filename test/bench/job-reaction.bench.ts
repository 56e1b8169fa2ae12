import type { ChildProcess } from 'node:child_process'
import { judged, percentile, type Measured } from '../../scripts/bench/results.mjs'
import { ask, besideBacalhau, end, inFreshWorld, ofBacalhau, shoalIn, until, type Program, type World } from './cluster-processes'
import {
  executionsOf,
  milliseconds,
  momentOf,
  startJobCluster,
  startNode,
  stateOf,
  stop,
  submit,
  timesOf,
  wallMs,
  wasmJob,
  type JobCluster,
} from './job-cluster'
import { withChildren } from './process-figures'

const ROUNDS = 5
/** What Bacalhau needs may be more than a minute. */
const LIMIT_MS = 150_000
/** A program that is still there when its node is killed. */
const LONG = ['sleep', '600']

/** How soon work that waits begins, and work whose node died begins elsewhere. All times are the orchestrator's own, but for the moment of the kill. */
export async function measure({ root, bacalhau }: { readonly root: string; readonly bacalhau: string | undefined }): Promise<readonly Measured[]> {
  return inFreshWorld('reaction', async (world) => {
    const ours = await reactions(root, world, shoalIn(root), ROUNDS)
    const theirs = await ofBacalhau(bacalhau, (program) => reactions(root, world, program, 1))
    const figure = (name: string, of: (reactions: Reactions) => readonly number[], most: number): Measured =>
      judged({
        name,
        unit: 'ms',
        value: percentile(of(ours), 0.5),
        ...besideBacalhau(theirs && percentile(of(theirs), 0.5)),
        limit: { of: 'value', most },
      })
    return [
      figure('a fitting node joins → a waiting job Running', ({ waiting }) => waiting, 50),
      figure('a node joins → a daemon job on it', ({ daemon }) => daemon, 100),
      figure('node kill -9 → its batch job Running elsewhere', ({ killed }) => killed, 1000),
    ]
  })
}

interface Reactions {
  readonly waiting: readonly number[]
  readonly daemon: readonly number[]
  readonly killed: readonly number[]
}

async function reactions(root: string, world: World, program: Program, rounds: number): Promise<Reactions> {
  const found = { waiting: [] as number[], daemon: [] as number[], killed: [] as number[] }
  for (let round = 0; round < rounds; round += 1) {
    const cluster = await startJobCluster(world, program, 0)
    const nodes: ChildProcess[] = []
    const join_ = async (name: string): Promise<void> => void nodes.push(await startNode(world, program, cluster.ports, name))
    const waiting = await submit(cluster.api, wasmJob(root, 'probe', LONG, { task: { Timeouts: { QueueTimeout: 600 } } }))
    await join_('first')
    found.waiting.push((await runningAt(cluster, waiting)) - (await joinedAt(cluster, 'first')))

    const daemon = await submit(cluster.api, wasmJob(root, 'probe', LONG, { job: { Type: 'daemon' } }))
    await until(async () => (await executionsOf(cluster.api, daemon)).length === 1, LIMIT_MS)
    await join_('second')
    await until(async () => (await executionsOf(cluster.api, daemon)).length === 2, LIMIT_MS)
    const placed = (await executionsOf(cluster.api, daemon)).find(({ NodeID }) => NodeID === 'second')
    found.daemon.push(momentOf(placed?.CreateTime ?? Number.NaN) - (await joinedAt(cluster, 'second')))

    const began = wallMs()
    for (const pid of await withChildren(nodes[0]?.pid ?? 0)) process.kill(pid, 'SIGKILL')
    await until(async () => (await executionsOf(cluster.api, waiting)).some(({ NodeID }) => NodeID === 'second'), LIMIT_MS)
    found.killed.push((await runningAt(cluster, waiting, 2)) - began)
    await Promise.all([waiting, daemon].map((id) => stop(cluster.api, id)))
    await Promise.all(nodes.map((node) => end(node)))
    await cluster.end()
  }
  return found
}

/** When an execution of a job was Running for the first, second, … time. */
async function runningAt({ api }: JobCluster, id: string, time = 1): Promise<number> {
  const running = async (): Promise<number | undefined> =>
    (await timesOf(api, id)).filter(([what]) => /^Execution: Running$/.test(what))[time - 1]?.[1]
  await until(async () => (await running()) !== undefined || (await stateOf(api, id)) === 'Stopped', LIMIT_MS)
  return (await running()) ?? Number.NaN
}

async function joinedAt({ ports }: JobCluster, node: string): Promise<number> {
  const answer = (await ask(ports.api, '/api/v1/orchestrator/nodes')) as {
    readonly Nodes: readonly { readonly Info: { readonly NodeID: string }; readonly ConnectionState: { readonly ConnectedSince: string } }[]
  }
  return milliseconds(answer.Nodes.find(({ Info }) => Info.NodeID === node)?.ConnectionState.ConnectedSince ?? '')
}
