import { openExecutionStore } from '../../electron/compute/executions/execution-store'
import type { ExecutionStore } from '../../electron/compute/executions/execution-store'
import type { Executions } from '../../electron/compute/executions/start-executions'
import { wireExecutions } from '../../electron/compute/executions/wire-executions'
import { createExecutionsLoader } from '../../electron/compute/executions-loader'
import { joinOrchestrator } from '../../electron/compute/connection/join-orchestrator'
import type { OrchestratorSide } from '../../electron/compute/connection/join-orchestrator'
import { computeNodeInfo } from '../../electron/compute/node-info'
import { runFolders } from '../../electron/compute/runs/run-folders'
import type { Logger } from '../../electron/log/logger'
import { dial } from '../../electron/transport/dial'
import { parseAddresses } from '../../shared/address'
import { defaultConfig } from '../../shared/config/schema'
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
  readonly disk: SimulatedDisk
  readonly programs: ProgramBook = { starts: new Map(), succeeded: new Set(), running: new Set() }
  #life: Life | undefined

  constructor(options: SimulatedNodeOptions) {
    this.options = options
    this.disk = new SimulatedDisk({ latencyMs: options.diskLatencyMs, refusal: { pauseMs: 500, mayLinger: true } })
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

  #join(process: SimulatedProcess): OrchestratorSide {
    const { id, time, random, nats, capacity, labels, log } = this.options
    const now = (): number => time.unix
    const side: OrchestratorSide = joinOrchestrator({
      nodeId: id,
      startedAt: time.unix,
      dial: () =>
        dial({
          addresses: parseAddresses(['nats://orchestrator:4222']),
          name: id,
          connect: ({ timeoutMs }) => nats.connect(process, id, timeoutMs),
          random: () => random.next(),
          log,
        }),
      configured: () => ['nats://orchestrator:4222'],
      info: () =>
        computeNodeInfo({
          nodeId: id,
          labels,
          capacity,
          offers: { engines: ['wasm'], publishers: [], storages: [] },
          load: side.executions.current?.load,
          address: '',
          platform: 'linux',
          arch: 'x64',
        }),
      capacity: () => capacity,
      executions: ({ tell, onLoad, onLoaded }) =>
        createExecutionsLoader({
          left: () => Promise.resolve(this.disk.used),
          start: async (): Promise<Executions> => {
            const store = await openExecutionStore({ ledger: new SimulatedLevelLedger(this.disk), log, compactAfter: random.pick([40, 200, 4000]) })
            if (this.#life?.process === process) this.#life.store = store
            const executions = wireExecutions({
              store,
              config: defaultConfig,
              folders: (executionId) => runFolders('/nowhere', executionId),
              executors: [simulatedExecutor({ time, random, process, book: this.programs, tries: this.options.tries })],
              storages: [],
              publishers: [],
              hostEnv: {},
              disk: { clearRun: () => Promise.resolve() },
              path: undefined,
              warmUp: () => undefined,
              max: () => capacity,
              tell,
              onLoad,
              now,
              log,
            })
            await executions.recover()
            const { stop } = executions
            return Object.assign(executions, {
              findLog: () => undefined,
              stop: async () => {
                stop()
                await store.close()
              },
            })
          },
          onLoaded,
          log,
        }),
      serve: () => ({ stop: () => undefined }),
      onConnected: () => undefined,
      heartbeatIntervalMs: 15_000,
      infoIntervalMs: 60_000,
      clock: { now, monotonicMs: () => time.now },
      random: () => random.next(),
      log,
    })
    return side
  }
}
