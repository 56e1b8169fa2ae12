import { openExecutionStore } from '../../electron/compute/executions/execution-store'
import type { ExecutionStore } from '../../electron/compute/executions/execution-store'
import type { OrchestratorSide } from '../../electron/compute/connection/join-orchestrator'
import type { Logger } from '../../electron/log/logger'
import { dial } from '../../electron/transport/dial'
import { parseAddresses } from '../../shared/address'
import { joinBareNode } from '../fixtures/bare-node'
import { type ProgramBook, simulatedExecutor } from './simulated-executor'
import { SimulatedLevelLedger } from './simulated-ledger'
import { SimulatedDisk } from './simulated-disk'
import type { SimulatedNats } from './simulated-nats'
import type { Random } from './seeded-random'
import { newProcess, type SimulatedProcess, type VirtualTime } from './virtual-time'
import type { Resources } from '../../shared/models/resources'

export interface SimulatedNodeOptions {
  readonly id: string
  readonly time: VirtualTime
  readonly random: Random
  readonly nats: SimulatedNats
  readonly capacity: Resources
  readonly labels: Readonly<Record<string, string>>
  readonly diskLatencyMs: () => number
  readonly tries: Map<string, number>
  readonly onFault: (fault: string) => void
  /** The log of one life. */
  readonly log: Logger
}

/** One life of a node's process. */
interface Life {
  readonly process: SimulatedProcess
  readonly side: OrchestratorSide
  store: ExecutionStore | undefined
}

/** Everything of a real node but its disk, its network and its programs. */
export class SimulatedNode {
  readonly options: SimulatedNodeOptions
  #disk: SimulatedDisk
  readonly programs: ProgramBook = { starts: new Map(), succeeded: new Set(), running: new Set() }
  #life: Life | undefined

  constructor(options: SimulatedNodeOptions) {
    this.options = options
    this.#disk = this.#newDisk()
  }

  get disk(): SimulatedDisk {
    return this.#disk
  }

  get id(): string {
    return this.options.id
  }

  get isUp(): boolean {
    return this.#life !== undefined
  }

  get side(): OrchestratorSide | undefined {
    return this.#life?.side
  }

  /** What it keeps of executions; undefined while it has never run any. */
  get store(): ExecutionStore | undefined {
    return this.#life?.store
  }

  start(): void {
    const { id, time } = this.options
    const process = newProcess(id)
    time.after(process, 0, () => {
      const side = this.#join(process)
      this.#life = { process, side, store: undefined }
      side.connection.start()
    })
  }

  /** It is gone at once, and its programs with it. `power`: its machine too, so that nobody hears of it for a while. */
  kill(how: 'kill' | 'power'): void {
    const { nats, id, random } = this.options
    if (this.#life === undefined) return
    this.#life.process.alive = false
    this.#life = undefined
    this.programs.running.clear()
    this.disk.crash(random, how)
    nats.breakConnections(id, 0, how === 'kill' ? random.whole(0, 10) : random.whole(2000, 25_000))
  }

  /** It dies, and nothing of what it kept is left. */
  loseData(): void {
    this.kill('kill')
    this.#disk = this.#newDisk()
  }

  /** Ends as after SIGTERM; calls back when its process has ended. */
  stop(onEnd: () => void): void {
    const { time } = this.options
    const life = this.#life
    if (life === undefined) return
    time.after(life.process, 0, () => {
      void life.side.stop().then(() => {
        if (this.#life !== life) return
        this.kill('kill')
        onEnd()
      })
    })
  }

  /** Nothing of it happens for so long. */
  freeze(ms: number): void {
    if (this.#life !== undefined) this.#life.process.frozenUntil = this.options.time.now + ms
  }

  #newDisk(): SimulatedDisk {
    return new SimulatedDisk({ latencyMs: this.options.diskLatencyMs, refusal: { pauseMs: 500, mayLinger: true } })
  }

  #join(process: SimulatedProcess): OrchestratorSide {
    const { id, time, random, nats, capacity, labels, log } = this.options
    const orchestrator = 'nats://orchestrator:4222'
    // What becomes of it later is none of this life's business.
    const disk = this.#disk
    return joinBareNode({
      nodeId: id,
      orchestrator,
      labels,
      capacity,
      dial: () =>
        dial({
          addresses: parseAddresses([orchestrator]),
          name: id,
          connect: ({ timeoutMs }) => nats.connect(process, id, timeoutMs),
          random: () => random.next(),
          log,
        }),
      left: () => Promise.resolve(disk.used),
      openStore: async () => {
        const store = await openExecutionStore({ ledger: new SimulatedLevelLedger(disk), log, compactAfter: random.pick([40, 200, 4000]) })
        if (this.#life?.process === process) this.#life.store = store
        return store
      },
      executors: [simulatedExecutor({ time, random, process, book: this.programs, tries: this.options.tries, onFault: this.options.onFault })],
      runsFolder: '/nowhere',
      clock: { now: () => time.unix, monotonicMs: () => time.now },
      random: () => random.next(),
      log,
    })
  }
}
