import type { SimulatedNats } from './simulated-nats'
import type { SimulatedNode } from './simulated-node'
import type { SimulatedOrchestrator } from './simulated-orchestrator'
import type { SimulatedDisk } from './simulated-disk'
import type { Random } from './seeded-random'
import type { VirtualTime } from './virtual-time'

export interface FaultsOptions {
  readonly time: VirtualTime
  readonly random: Random
  readonly nats: SimulatedNats
  readonly nodes: readonly SimulatedNode[]
  /** Adds another node, which has not begun yet. */
  readonly another: (node: SimulatedNode) => SimulatedNode
  readonly orchestrator: SimulatedOrchestrator
  readonly orchestratorDisk: SimulatedDisk
  readonly note: (text: () => string) => void
}

type Fault = (options: FaultsOptions, isOver: () => boolean, goneFor: (node: SimulatedNode) => void) => void

/** All that goes wrong within `spanMs`, at moments that the seed chooses. After that everything heals but what is gone for ever. */
export class Faults {
  readonly #options: FaultsOptions
  readonly gone = new Set<string>()
  #isOver = false

  constructor(options: FaultsOptions) {
    this.#options = options
  }

  plan(count: number, spanMs: number): void {
    const { time, random } = this.#options
    for (let each = 0; each < count; each += 1) {
      const [fault, at] = [random.pick(faults), random.whole(0, spanMs)]
      time.after(time.world, at, () =>
        fault(
          this.#options,
          () => this.#isOver,
          (node) => this.gone.add(node.id),
        ),
      )
    }
    if (count === 0) return
    time.after(time.world, spanMs, () => this.#heal())
  }

  /** One that comes back no more. */
  loseForEver(node: SimulatedNode, atMs: number): void {
    const { time, random, note } = this.#options
    this.gone.add(node.id)
    time.after(time.world, atMs, () => {
      note(() => `fault: ${node.id} is lost for ever`)
      node.kill(random.pick(['kill', 'power']))
    })
  }

  isGone(node: SimulatedNode): boolean {
    return this.gone.has(node.id)
  }

  #heal(): void {
    const { nats, nodes, orchestrator, orchestratorDisk, note } = this.#options
    this.#isOver = true
    note(() => 'fault: everything heals')
    orchestratorDisk.full = false
    orchestratorDisk.refusals = 0
    if (!orchestrator.isUp) orchestrator.start()
    else if (!nats.isUp) nats.start()
    for (const node of nodes) {
      node.disk.full = false
      node.disk.refusals = 0
      nats.reunite(node.id)
      if (!node.isUp && !this.isGone(node)) node.start()
    }
  }
}

const someNode = ({ random, nodes }: FaultsOptions): SimulatedNode => random.pick(nodes)

/** Times between a blink and longer than anybody waits. */
function someTime(random: Random): number {
  return random.pick([
    random.whole(1, 200),
    random.whole(200, 1000),
    random.whole(1000, 5000),
    random.whole(5000, 30_000),
    random.whole(30_000, 100_000),
  ])
}

const breakConnection: Fault = (options) => {
  const { random, nats, note } = options
  const name = random.chance(0.25) ? 'orchestrator' : someNode(options).id
  note(() => `fault: the connection of ${name} breaks`)
  nats.breakConnections(name, someDelay(random), someDelay(random))
}

const someDelay = (random: Random): number => random.pick([0, random.whole(0, 20), random.whole(0, 200), random.whole(0, 20_000)])

const cutOff: Fault = (options) => {
  const { time, random, nats, note } = options
  const node = someNode(options)
  const ms = someTime(random)
  if (nats.isCutOff(node.id)) return
  note(() => `fault: ${node.id} is cut off for ${String(ms)} ms`)
  nats.cutOff(node.id)
  // Whoever waits too long for the other end gives the connection up.
  const patience = random.whole(4000, 25_000)
  time.after(time.world, patience, () => {
    if (nats.isCutOff(node.id)) nats.breakConnections(node.id, random.whole(0, 15_000), random.whole(0, 15_000))
  })
  time.after(time.world, ms, () => {
    note(() => `fault: ${node.id} is reached again`)
    nats.reunite(node.id)
  })
}

const killNode: Fault = (options, isOver) => {
  const { time, random, note } = options
  const node = someNode(options)
  const how = random.pick(['kill', 'kill', 'power'] as const)
  if (!node.isUp) return
  note(() => `fault: ${node.id} dies (${how})`)
  node.kill(how)
  time.after(time.world, someTime(random), () => startAgain(node, options, isOver))
}

const stopNode: Fault = (options, isOver) => {
  const { time, random, note } = options
  const node = someNode(options)
  const ms = someTime(random)
  if (!node.isUp) return
  note(() => `fault: ${node.id} is stopped`)
  node.stop(() => void time.after(time.world, ms, () => startAgain(node, options, isOver)))
}

function startAgain(node: SimulatedNode, { note }: FaultsOptions, isOver: () => boolean): void {
  // At the end of all faults those that are missing have been started.
  if (node.isUp || isOver()) return
  note(() => `fault: ${node.id} starts again`)
  node.start()
}

const freezeNode: Fault = (options) => {
  const { time, random, nats, note } = options
  const node = someNode(options)
  const ms = someTime(random)
  note(() => `fault: ${node.id} is frozen for ${String(ms)} ms`)
  node.freeze(ms)
  const patience = random.whole(4000, 25_000)
  // Its end of the connection hears of nothing before it wakes up.
  if (ms > patience) time.after(time.world, patience, () => nats.breakConnections(node.id, 0, 0))
}

const killOrchestrator: Fault = (options, isOver) => {
  const { time, random, orchestrator, note } = options
  if (!orchestrator.isUp) return
  note(() => 'fault: the orchestrator dies')
  orchestrator.kill()
  time.after(time.world, random.pick([random.whole(100, 2000), random.whole(2000, 30_000)]), () => {
    if (orchestrator.isUp || isOver()) return
    note(() => 'fault: the orchestrator starts again')
    orchestrator.start()
  })
}

const killServer: Fault = ({ time, random, nats, orchestrator, note }, isOver) => {
  if (!orchestrator.isUp || !nats.isUp) return
  note(() => 'fault: nats-server dies')
  nats.kill()
  time.after(time.world, random.whole(50, 5000), () => {
    if (!nats.isUp && orchestrator.isUp && !isOver()) nats.start()
  })
}

const freezeOrchestrator: Fault = ({ random, orchestrator, note }) => {
  const ms = Math.min(someTime(random), 30_000)
  note(() => `fault: the orchestrator is frozen for ${String(ms)} ms`)
  orchestrator.freeze(ms)
}

const fillDisk: Fault = (options, isOver) => {
  const { time, random, orchestratorDisk, note } = options
  const node = random.chance(0.5) ? undefined : someNode(options)
  const disk = node?.disk ?? orchestratorDisk
  if (random.chance(0.4)) {
    const refusals = random.pick([1, 1, 2, 5])
    disk.refusals = refusals
    note(() => `fault: the disk of ${node?.id ?? 'the orchestrator'} refuses the next ${String(refusals)} writes`)
    return
  }
  const ms = Math.min(someTime(random), 30_000)
  note(() => `fault: the disk of ${node?.id ?? 'the orchestrator'} is full for ${String(ms)} ms`)
  disk.full = true
  time.after(time.world, ms, () => {
    if (!isOver()) disk.full = false
  })
}

const loseData: Fault = (options, isOver) => {
  const { time, random, note } = options
  const node = someNode(options)
  if (!node.isUp) return
  note(() => `fault: ${node.id} loses its data`)
  node.loseData()
  time.after(time.world, someTime(random), () => startAgain(node, options, isOver))
}

/** Its machine is set up anew: nobody remembers who it was. */
const replaceNode: Fault = (options, isOver, goneFor) => {
  const { time, random, nodes, another, note } = options
  const node = someNode(options)
  if (!node.isUp || nodes.length > mostNodes) return
  note(() => `fault: ${node.id} is replaced`)
  node.kill(random.pick(['kill', 'power']))
  goneFor(node)
  const next = another(node)
  time.after(time.world, someTime(random), () => startAgain(next, options, isOver))
}

const mostNodes = 7

/** What is named twice comes twice as often. */
const faults: readonly Fault[] = [
  breakConnection,
  breakConnection,
  cutOff,
  killNode,
  killNode,
  loseData,
  replaceNode,
  stopNode,
  freezeNode,
  killOrchestrator,
  killOrchestrator,
  killServer,
  freezeOrchestrator,
  fillDisk,
]
