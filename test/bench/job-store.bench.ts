import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { judged, percentile, type Measured } from '../../scripts/bench/results.mjs'
import type { Checkpoint } from '../../electron/orchestrator/archive/checkpoint'
import { rowOf, recordOf, type JobBody } from '../../electron/orchestrator/archive/archived-record'
import { stateFilesIn } from '../../electron/orchestrator/archive/state-files'
import type { StoredExecution } from '../../electron/orchestrator/jobs/job-state'
import { dial } from '../../electron/transport/dial'
import { parseAddresses } from '../../shared/address'
import type { Job } from '../../shared/models/job'
import type { JobHistory } from '../../shared/models/job-history'
import { WorkingNode } from '../fixtures/orchestrator/working-node'
import {
  TOKEN,
  besideBacalhau,
  connectedNodes,
  end,
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
import { openApi, runAll, startJobCluster, submit, wasmJob, type Api } from './job-cluster'

const FINISHED = 1000
const STORED = 100_000
const NODES = 100
const JOBS = 10_000
const RUNNING = 200
const KILLS = 5
const LOOKS = 30
const IN_FLIGHT = 64
const HEARTBEAT_MS = 10_000
const JOIN_AGAIN_MS = 50
const newest = (limit: number): string => `/api/v1/orchestrator/jobs?order_by=created_at&reverse=true&limit=${limit}`

/** What stored jobs cost: to be listed, and to be there again after a restart. */
export async function measure({ root, bacalhau }: { readonly root: string; readonly bacalhau: string | undefined }): Promise<readonly Measured[]> {
  return inFreshWorld('store', async (world) => {
    const theirs = await ofBacalhau(bacalhau, (program) => lists(root, world, program))
    const ours = await lists(root, world, shoalIn(root))
    const stored = await full(world, shoalIn(root), ours.job)
    const reunion = await afterKill(root, world)
    const figure = (name: string, value: number, most: number, peer?: number): Measured =>
      judged({ name, unit: 'ms', value, ...besideBacalhau(peer), limit: { of: 'value', most } })
    return [
      figure(`${FINISHED} finished jobs: newest ten`, ours.ten, 3, theirs?.ten),
      figure(`${FINISHED} finished jobs: all`, ours.all, 20, theirs?.all),
      figure(`${STORED} finished jobs: restart → first page`, stored.restart, 3000),
      figure(`${STORED} finished jobs: a page of 100`, stored.page, 50),
      figure(`orchestrator kill -9 and restart → ${NODES} nodes, ${JOBS} jobs, ${RUNNING} of them running`, reunion, 2000),
    ]
  })
}

async function lists(root: string, world: World, program: Program): Promise<{ readonly ten: number; readonly all: number; readonly job: JobBody }> {
  const cluster = await startJobCluster(world, program)
  const { api } = cluster
  await runAll(api, wasmJob(root, 'tiny'), FINISHED, 16)
  const ten = await medianOf(() => load(cluster.ports.api, newest(10)))
  const all = await medianOf(() => load(cluster.ports.api, newest(FINISHED)))
  const [job] = (await api.call<{ readonly Items: readonly Job[] }>('GET', newest(1))).Items
  if (job === undefined) throw new Error('no job is listed')
  const part = async <T>(name: string): Promise<readonly T[]> =>
    (await api.call<{ readonly Items: readonly T[] }>('GET', `/api/v1/orchestrator/jobs/${job.ID}/${name}`)).Items
  const history = [...(await part<JobHistory>('history'))].reverse()
  const body = { versions: [job], executions: await part<StoredExecution>('executions'), history, lastSeq: history.length }
  await cluster.end()
  return { ten, all, job: body }
}

/** An orchestrator whose archive holds many copies of a job. They are put there by the code that archives jobs, as running them all would take too long. */
async function full(world: World, program: Program, job: JobBody): Promise<{ readonly restart: number; readonly page: number }> {
  const dir = world.freshDir()
  const files = stateFilesIn(join(dir, 'jobs'))
  const archive = files.openArchive(undefined)
  archive.claim()
  const text = JSON.stringify(job)
  const id = job.versions[0]?.ID ?? ''
  const executions = job.executions.map(({ ID }) => ID)
  for (let count = 0; count < STORED; count += 1) {
    const copy = executions.reduce((copied, each) => copied.replaceAll(each, `e-${randomUUID()}`), text.replaceAll(id, `j-${randomUUID()}`))
    const body = JSON.parse(copy) as JobBody
    const later = body.versions.map((version) => ({
      ...version,
      CreateTime: version.CreateTime + count * 1_000_000,
      ModifyTime: version.ModifyTime + count * 1_000_000,
    }))
    archive.add([{ row: rowOf(recordOf({ ...body, versions: later })), body: JSON.stringify({ ...body, versions: later }) }])
  }
  await archive.flush()
  const checkpoint: Checkpoint = {
    position: { streamSequence: 0, sequence: 0 },
    nodes: [],
    archive: archive.lengths,
    jobs: [],
    evaluations: [],
    deadLetters: [],
    messages: [],
  }
  await files.writeCheckpoint(checkpoint, () => true)
  archive.close()
  const ports = await freePorts()
  const args = orchestratorArgs(dir, ports)
  const restarts: number[] = []
  let page = 0
  for (let round = 0; round < 3; round += 1) {
    const began = performance.now()
    const orchestrator = world.serve(program, args)
    await until(async () => ((await load(ports.api, newest(100)))?.length ?? 0) > 1000)
    restarts.push(performance.now() - began)
    page = await medianOf(() => load(ports.api, newest(100)))
    await end(orchestrator)
  }
  return { restart: percentile(restarts, 0.5), page }
}

/** The nodes speak the protocol over connections of their own, but share a process and run nothing. */
async function afterKill(root: string, world: World): Promise<number> {
  const program = shoalIn(root)
  const ports = await freePorts()
  const args = orchestratorArgs(world.freshDir(), ports)
  let orchestrator = world.serve(program, args)
  const api = openApi(ports.api)
  await until(async () => (await load(ports.api, newest(1))) !== undefined)
  const addresses = parseAddresses([`127.0.0.1:${ports.nats}`])
  const nodes: WorkingNode[] = []
  for (let index = 0; index < NODES; index += 1) {
    const link = await dial({ addresses, name: `node-${index}`, credentials: { kind: 'token', token: () => TOKEN }, connectTimeoutMs: 10_000 })
    const node = new WorkingNode(link, `node-${index}`)
    link.on((event) => void (event.kind === 'connected' && joinSurely(node)))
    await joinSurely(node)
    nodes.push(node)
  }
  const beat = (node: WorkingNode): void => void node.played.heartbeat(node.position).catch(() => undefined) // The next one follows.
  const beating = setInterval(() => nodes.forEach(beat), HEARTBEAT_MS)
  const body = wasmJob(root, 'tiny', [], { task: { Resources: { CPU: '0.01', Memory: '100Kb' } } })
  await runAll(api, body, JOBS - RUNNING, IN_FLIGHT)
  for (const node of nodes) node.onAccepted = 'wait'
  for (let count = 0; count < RUNNING; count += 1) await submit(api, body)
  await until(async () => (await states(api, RUNNING)).get('Running') === RUNNING)
  clearInterval(beating)
  const samples: number[] = []
  for (let round = 0; round < KILLS; round += 1) {
    const gone = new Promise((resolve) => orchestrator.once('exit', resolve))
    orchestrator.kill('SIGKILL')
    await gone
    const began = performance.now()
    orchestrator = world.serve(program, args)
    await until(async () => (await connectedNodes(ports.api)).length === NODES)
    // Those that run were submitted last.
    const running = await states(api, RUNNING)
    samples.push(performance.now() - began)
    if (running.get('Running') !== RUNNING) throw new Error(`jobs that ran before a restart: ${JSON.stringify([...running])}`)
    const found = await states(api)
    if (found.get('Running') !== RUNNING || found.get('Completed') !== JOBS - RUNNING)
      throw new Error(`jobs after a restart: ${JSON.stringify([...found])}`)
  }
  await Promise.all(nodes.map(({ played }) => played.link.close()))
  await end(orchestrator)
  return percentile(samples, 0.5)
}

/** As a real node does: until it is let in, however often that takes. */
async function joinSurely(node: WorkingNode): Promise<void> {
  const isLetIn = (): Promise<boolean> =>
    node.join().then(
      () => true,
      () => false,
    )
  while (node.played.link.server !== undefined && !(await isLetIn())) await sleep(JOIN_AGAIN_MS)
}

/** In which states how many jobs are, of all or of the newest. */
async function states(api: Api, newestJobs = JOBS * 2): Promise<ReadonlyMap<string, number>> {
  const { Items } = await api.call<{ readonly Items: readonly Job[] }>('GET', newest(newestJobs))
  const found = new Map<string, number>()
  for (const { State } of Items) found.set(State.StateType, (found.get(State.StateType) ?? 0) + 1)
  return found
}

async function medianOf(look: () => Promise<unknown>): Promise<number> {
  const samples: number[] = []
  for (let round = 0; round < LOOKS; round += 1) {
    const began = performance.now()
    await look()
    samples.push(performance.now() - began)
  }
  return percentile(samples, 0.5)
}
