import type { Logger } from '../../electron/log/logger'
import { startOrchestrator } from '../../electron/orchestrator/orchestrator'
import type { Orchestrator } from '../../electron/orchestrator/orchestrator'
import { dial } from '../../electron/transport/dial'
import { parseAddresses } from '../../shared/address'
import { buildVersion } from '../../shared/bacalhau-version'
import type { StateFiles } from '../../electron/orchestrator/archive/state-files'
import type { SimulatedDisk } from './simulated-disk'
import { SimulatedStreamLedger } from './simulated-ledger'
import type { SimulatedNats } from './simulated-nats'
import { simulatedStateFiles } from './simulated-state-files'
import type { Random } from './seeded-random'
import { newProcess, type SimulatedProcess, type VirtualTime } from './virtual-time'

export interface SimulatedOrchestratorOptions {
  readonly time: VirtualTime
  readonly random: Random
  readonly nats: SimulatedNats
  readonly disk: SimulatedDisk
  /** Puts ended jobs away early and often, which else takes thousands of them. */
  readonly tidy: boolean
  /** Nodes wait until somebody approves them. */
  readonly manualApproval: boolean
  /** Called with each record as it is given to the ledger: what it tells of has just happened in memory. */
  readonly onAppend: (record: unknown, orchestrator: Orchestrator) => void
  readonly log: Logger
  /** It could not start, or gave itself up. */
  readonly onFailure: (error: unknown) => void
}

interface Life {
  readonly process: SimulatedProcess
  /** Undefined while it starts. */
  orchestrator: Orchestrator | undefined
}

/** The real orchestrator, whose disk, network and clock are simulated; its NATS server lives and dies with it. */
export class SimulatedOrchestrator {
  readonly #options: SimulatedOrchestratorOptions
  readonly files: StateFiles
  #life: Life | undefined
  #ids = 0
  /** When it was started last; Unix milliseconds. */
  startedAt = 0

  constructor(options: SimulatedOrchestratorOptions) {
    this.#options = options
    this.files = simulatedStateFiles(() => options.disk.full)
  }

  /** Undefined while it is not there, or starting. */
  get current(): Orchestrator | undefined {
    return this.#life?.orchestrator
  }

  get isUp(): boolean {
    return this.#life !== undefined
  }

  start(): void {
    const { time, nats, onFailure } = this.#options
    const life: Life = { process: newProcess('orchestrator'), orchestrator: undefined }
    this.#life = life
    this.startedAt = time.unix
    nats.start()
    time.after(life.process, 0, () => {
      this.#begin(life.process).then(
        (orchestrator) => {
          life.orchestrator = orchestrator
          orchestrator.givenUp.then(onFailure, onFailure)
        },
        (error: unknown) => this.#startAgain(life, error),
      )
    })
  }

  kill(): void {
    const life = this.#life
    if (life === undefined) return
    life.process.alive = false
    this.#life = undefined
    this.#options.nats.kill()
    this.#options.disk.crash(this.#options.random, 'kill')
  }

  /** Nothing of it happens for so long; the server goes on. */
  freeze(ms: number): void {
    if (this.#life !== undefined) this.#life.process.frozenUntil = this.#options.time.now + ms
  }

  /** Does something in its process; false when it is not there. */
  ask(action: (orchestrator: Orchestrator) => void): boolean {
    const life = this.#life
    const orchestrator = life?.orchestrator
    if (life === undefined || orchestrator === undefined) return false
    this.#options.time.after(life.process, 0, () => action(orchestrator))
    return true
  }

  /** A host that cannot start ends, and is started again. */
  #startAgain(life: Life, error: unknown): void {
    const { time, log } = this.#options
    log.info('The orchestrator could not start', { error })
    time.after(time.world, 1000, () => {
      if (this.#life !== life) return
      this.kill()
      this.start()
    })
  }

  async #begin(process: SimulatedProcess): Promise<Orchestrator> {
    const { time, random, nats, disk, tidy, manualApproval, onAppend, log } = this.#options
    const link = await dial({
      addresses: parseAddresses(['nats://127.0.0.1:4222']),
      name: 'orchestrator',
      connect: ({ timeoutMs }) => nats.connect(process, 'orchestrator', timeoutMs),
      random: () => random.next(),
      log,
    })
    // None is the beginning of another one.
    const id = (kind: string) => () => `${kind}-${String((this.#ids += 1)).padStart(5, '0')}`
    return startOrchestrator({
      nodeId: 'n-orchestrator',
      config: {
        NodeManager: { DisconnectTimeout: '1m0s', ManualApproval: manualApproval },
        ...(tidy ? { Jobs: { KeepFor: '720h0m0s', KeepAtMost: 1000 } } : {}),
      },
      links: { nodes: link },
      connections: nats.connectionsFor(process),
      ledger: new SimulatedStreamLedger(disk, (record) => {
        const life = this.#life
        if (life?.process === process && life.orchestrator !== undefined) onAppend(record, life.orchestrator)
      }),
      stateFiles: this.files,
      refusals: { list: () => [], on: () => () => undefined },
      facts: () => ({ version: '0', startedAt: 0, nats: { address: '127.0.0.1:4222', tls: false, tokenRequired: false } }),
      buildVersion: buildVersion('linux', 'x64'),
      clock: { now: () => time.unix, monotonic: () => time.now },
      ids: { job: id('j'), execution: id('e'), evaluation: id('v') },
      random: () => random.next(),
      ...(tidy
        ? { keeping: { everyMs: 3000, keptWhole: 1, checkpoints: { records: 20, bytes: 1e9, quietRecords: 10, thawed: 2, ageMs: 60_000 } } }
        : {}),
      log,
    })
  }
}
