import type { LogFields } from '../../electron/log/logger'
import { readStoredState } from '../../electron/orchestrator/stored-records'
import { toFailure } from '../../shared/errors'
import { DurableWatch } from './durable-watch'
import { Faults } from './faults'
import { type Random, seededRandom } from './seeded-random'
import { faultsOfSettledWorld, picture } from './settled-world'
import { faultsOfRefusal } from './placement-watch'
import { SimulatedClient } from './simulated-client'
import { SimulatedFollower } from './simulated-follower'
import { SimulatedOperator } from './simulated-operator'
import { SimulatedDisk } from './simulated-disk'
import { SimulatedStreamLedger } from './simulated-ledger'
import { simulatedLog } from './simulated-log'
import { SimulatedNats } from './simulated-nats'
import { SimulatedNode } from './simulated-node'
import { SimulatedOrchestrator } from './simulated-orchestrator'
import { Trace } from './trace'
import { VirtualTime } from './virtual-time'
import { planJobs } from './workload'

export interface SeedOutcome {
  /** What must not be; nothing when all is well. */
  readonly faults: readonly string[]
  /** The last lines of what happened. */
  readonly tail: readonly string[]
  /** Of all that happened; only where it was asked for. */
  readonly fingerprint: string
  readonly events: number
  readonly virtualMs: number
  /** By state. */
  readonly jobs: Readonly<Record<string, number>>
}

/** Within this time everything is submitted and everything goes wrong. */
const spanMs = 60_000
/** So long may it take after that until all is settled: repetitions are up to five minutes apart. */
const patienceMs = 30 * 60_000
/** Errors in logs that have their cause in what the simulation does. */
const expectedErrors = [
  'The state of jobs cannot be changed at the moment',
  'An execution of this node could not be stored.',
  'A message could not be acknowledged',
]

/** One run from its beginning until nothing happens any more. The same seed always does the same. */
export async function runSeed(seed: number, { whole = false }: { readonly whole?: boolean } = {}): Promise<SeedOutcome> {
  const random = seededRandom(seed)
  const faults: string[] = []
  const time = new VirtualTime((owner, error) =>
    onFault(`${owner.name} threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  )
  const trace = new Trace({ now: () => time.now, whole })
  const note = (text: () => string): void => trace.add(text)
  const onFault = (fault: string): void => {
    faults.push(`${(time.now / 1000).toFixed(3)} s: ${fault}`)
    note(() => `FAULT: ${fault}`)
  }
  const onError = (message: string, fields: LogFields): void => {
    if (!expectedErrors.includes(message))
      onFault(`logged as an error: ${message} ${JSON.stringify(fields, (_, value: unknown) => (value instanceof Error ? value.stack : value))}`)
  }
  const calm = random.chance(0.15)
  const latencyMs = latencies(random, calm)
  const nats = new SimulatedNats({ time, random: random.fork(), latencyMs })
  const nodes: SimulatedNode[] = []
  const watch = new DurableWatch({
    onFault,
    note,
    succeeded: ({ ID, NodeID }) => nodes.some(({ id, programs }) => id === NodeID && programs.succeeded.has(ID)),
  })
  const disk = new SimulatedDisk({ latencyMs: diskLatency(random, calm), onStored: (record, sequence) => watch.take(record, sequence) })
  const manualApproval = random.chance(0.15)
  const orchestrator = new SimulatedOrchestrator({
    time,
    random: random.fork(),
    nats,
    disk,
    tidy: random.chance(0.3),
    manualApproval,
    onAppend: (record, current) => {
      for (const fault of faultsOfRefusal(record, current, { now: time.unix, startedAt: orchestrator.startedAt, nodes })) onFault(fault)
    },
    log: simulatedLog('orchestrator', trace, onError),
    onFailure: (error) => onFault(`the orchestrator cannot go on: ${toFailure(error).message}`),
  })
  const tries = new Map<string, number>()
  const add = (id: string): SimulatedNode => {
    const node = new SimulatedNode({
      id,
      time,
      random: random.fork(),
      nats,
      capacity: { CPU: random.pick([1, 2, 4, 8]), Memory: random.pick([1, 4, 16]) * 1024 ** 3, Disk: 100 * 1024 ** 3 },
      labels: { zone: random.pick(['a', 'b']) },
      diskLatencyMs: diskLatency(random, calm),
      tries,
      onFault,
      log: simulatedLog(id, trace, onError),
    })
    nodes.push(node)
    return node
  }
  const count = random.whole(1, 5)
  for (let each = 1; each <= count; each += 1) add(`n-${String(each)}`)
  const client = new SimulatedClient({ time, orchestrator, watch, note, onFault })
  client.plan(planJobs(random.fork(), spanMs))
  const followers = client.fates
    .filter(() => random.chance(0.3))
    .map((fate) => new SimulatedFollower({ time, random: random.fork(), orchestrator, fate, onFault }))
  const operator = new SimulatedOperator({ time, random: random.fork(), orchestrator, nodes, note })
  if (manualApproval) operator.approveInTime(random.pick([100, 5000, 30_000]))
  const trouble = new Faults({
    time,
    random: random.fork(),
    nats,
    nodes,
    another: (node) => add(`${node.id}-new`),
    orchestrator,
    orchestratorDisk: disk,
    note,
  })
  time.after(time.world, 0, () => orchestrator.start())
  for (const node of nodes) time.after(time.world, random.chance(0.8) ? random.whole(0, 500) : random.whole(500, spanMs), () => node.start())
  if (!calm && random.chance(0.2)) operator.meddle(random.whole(1, 8), spanMs)
  if (!calm) {
    trouble.plan(random.pick([1, 2, 4, 8, 16]), spanMs)
    for (const node of nodes.slice(1)) if (random.chance(0.08)) trouble.loseForEver(node, random.whole(0, spanMs))
  }

  await time.run(spanMs)
  let left = ['nothing was looked at']
  for (let until = spanMs + 1000, step = 1000; faults.length === 0 && left.length > 0 && until < spanMs + patienceMs; until += step) {
    await time.run(until)
    const current = orchestrator.current
    left =
      current === undefined
        ? ['there is no orchestrator']
        : faultsOfSettledWorld({ orchestrator: current, nodes, operator, client, followers, watch, now: time.unix, calm })
    step = Math.min(30_000, step * 1.5)
  }
  if (faults.length === 0) for (const fault of left) onFault(fault)
  orchestrator.kill()
  for (const node of nodes) node.kill('kill')
  if (faults.length === 0) await replayAgain(disk, orchestrator, watch, onFault)
  return {
    faults,
    tail: trace.tail(),
    fingerprint: whole ? trace.fingerprint() : '',
    events: time.events,
    virtualMs: time.now,
    jobs: countByState(watch),
  }
}

function countByState({ state }: DurableWatch): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { head } of state.jobs.values()) counts[head.State.StateType] = (counts[head.State.StateType] ?? 0) + 1
  return counts
}

/** What is read from the disk is the fold of all that was ever stored, also where only a checkpoint and the rest of the ledger are left. */
async function replayAgain(
  disk: SimulatedDisk,
  orchestrator: SimulatedOrchestrator,
  watch: DurableWatch,
  onFault: (fault: string) => void,
): Promise<void> {
  const { jobs } = await readStoredState(new SimulatedStreamLedger(disk), orchestrator.files)
  if (picture(jobs.state) !== picture(watch.state)) onFault('what is stored is read as something else')
}

/** Milliseconds of one way, by client: a network of its own for each seed. */
function latencies(random: Random, calm: boolean): (name: string) => number {
  const source = random.fork()
  const slow = calm ? 0 : random.pick([0, 0, 2, 20, 150])
  const jitter = calm ? 1 : random.pick([1, 3, 30])
  return (name) => (name === 'orchestrator' ? source.whole(0, 1) : slow + source.whole(0, jitter))
}

function diskLatency(random: Random, calm: boolean): () => number {
  const source = random.fork()
  const slow = calm ? 1 : random.pick([1, 1, 5, 50, 500])
  return () => (source.chance(0.9) ? source.whole(1, slow) : source.whole(1, 4 * slow))
}
