import { AppError, fromFailure, type Failure } from '../../../shared/errors'
import { hostReportSchema, type HostReport } from '../../../shared/host-report'
import type { ComputeConnection } from '../../../shared/http/routes'
import type { ServiceState } from '../../../shared/service'
import type { Clock } from '../../process/clock'
import { superviseProcess, type ManagedProcess, type SupervisionLog } from '../../process/managed-process'
import type { RestartPolicy } from '../../process/restart-policy'
import type { HostChild, HostLauncher, HostRequest } from './host-launcher'

/** Taking over a file takes milliseconds; a busy machine longer. */
const RELOAD_LIMIT_MS = 5_000

/** What a host tells when its API answers. */
export type ReadyReport = Extract<HostReport, { kind: 'ready' }>

/** A role host under supervision, with what it has told so far. */
export interface SupervisedHost {
  readonly state: ServiceState
  /** What it said when it was ready; undefined while it is not. */
  readonly ready: ReadyReport | undefined
  /** The compute role's view of its connection, as last told by the process that runs now. */
  readonly connection: ComputeConnection | undefined
  readonly lastLogLine: string | undefined
  /** Resolves when the host is ready, rejects with why it never will be. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Ends the process at once, without its restart. */
  kill(): Promise<void>
  /**
   * Has a running host read its file again; resolves when what may change while it runs holds. Rejects with why it does not, or with
   * `host.no-answer`. A host that does not run reads its file when it starts.
   */
  reload(): Promise<void>
}

/** What a host is started and watched with. */
interface SupervisedHostOptions {
  readonly launcher: HostLauncher
  /** Asked at every start, so that a restart takes what holds then. */
  readonly request: () => HostRequest | Promise<HostRequest>
  readonly name: string
  readonly restart: RestartPolicy
  readonly readyTimeoutMs: number
  readonly stopGraceMs: number
  readonly clock: Clock
  readonly log: SupervisionLog
  /** Every report that fits the contract, before anything is made of it. */
  readonly onReport: (report: HostReport) => void
  /** Something of what this host shows has changed. */
  readonly onChange: () => void
}

/** A host that does not run yet. */
export function superviseHost(options: SupervisedHostOptions): SupervisedHost {
  return new Host(options)
}

class Host implements SupervisedHost {
  readonly #options: SupervisedHostOptions
  readonly #supervised: ManagedProcess
  #child: HostChild | undefined
  #ready: ReadyReport | undefined
  #connection: ComputeConnection | undefined
  #lastLogLine: string | undefined
  #readiness: Readiness = createReadiness()
  /** Orders are answered in order. */
  #reloads: ((failure: Failure | undefined) => void)[] = []

  constructor(options: SupervisedHostOptions) {
    const { name, readyTimeoutMs, stopGraceMs, restart, clock, log, onChange } = options
    this.#options = options
    this.#supervised = superviseProcess({
      name,
      launch: () => this.#launch(),
      ready: () => this.#readiness.promise,
      readyTimeoutMs,
      stopGraceMs,
      restart,
      clock,
      log,
      // At least half of the delay, so that a person sees that it died.
      random: () => 0.5 + Math.random() / 2,
    })
    this.#supervised.on((state) => {
      if (state.kind !== 'running' && state.kind !== 'stopping') {
        this.#ready = undefined
        this.#connection = undefined
      }
      onChange()
    })
  }

  get state(): ServiceState {
    return this.#supervised.state
  }

  get ready(): ReadyReport | undefined {
    return this.#supervised.state.kind === 'running' ? this.#ready : undefined
  }

  get connection(): ComputeConnection | undefined {
    return this.#connection
  }

  get lastLogLine(): string | undefined {
    return this.#lastLogLine
  }

  start(): Promise<void> {
    return this.#supervised.start()
  }

  stop(): Promise<void> {
    return this.#supervised.stop()
  }

  kill(): Promise<void> {
    const ended = this.#supervised.stop()
    this.#child?.kill()
    return ended
  }

  async reload(): Promise<void> {
    const { name, clock } = this.#options
    // One that is starting may have read its file already, and hears no order yet.
    if (this.#supervised.state.kind === 'starting') await started(this.#supervised)
    const child = this.#child
    if (child === undefined || this.#supervised.state.kind !== 'running') return
    const answered = new Promise<Failure | undefined>((resolve) => this.#reloads.push(resolve))
    child.send({ kind: 'reload' })
    const late = new AbortController()
    const silent = { code: 'host.no-answer', message: `${name} did not take its changed configuration over in time.`, hint: 'Restart it.' }
    const failure = await Promise.race([
      answered,
      child.exited.then(() => undefined), // The next one reads the file as it is.
      clock.sleep(RELOAD_LIMIT_MS, late.signal).then(() => silent),
    ])
    late.abort()
    if (failure !== undefined) throw new AppError(failure.code, failure.message, failure)
  }

  async #launch(): Promise<HostChild> {
    const { launcher, request, onChange } = this.#options
    this.#readiness = createReadiness()
    this.#reloads = []
    const launched = await launcher.launch(await request())
    this.#child = launched
    launched.onMessage((message) => this.#hear(message))
    launched.onLine((line) => {
      this.#lastLogLine = line
      // Of interest while it is not known how the start ends; a running host has its log.
      if (this.#supervised.state.kind !== 'running') onChange()
    })
    return launched
  }

  #hear(message: unknown): void {
    const { name, log, onReport, onChange } = this.#options
    const parsed = hostReportSchema.safeParse(message)
    if (!parsed.success) {
      log.warn(`${name} sent a message that is not understood.`)
      return
    }
    const report = parsed.data
    onReport(report)
    if (report.kind === 'ready') {
      this.#ready = report
      this.#readiness.resolve()
    } else if (report.kind === 'compute') this.#connection = report.connection
    else if (report.kind === 'reloaded') this.#reloads.shift()?.(report.failure)
    else if (report.kind === 'failed') this.#readiness.reject(fromFailure(report.failure))
    onChange()
  }
}

/** Resolves when a start has come out, however. */
function started(supervised: Pick<ManagedProcess, 'on'>): Promise<void> {
  return new Promise((resolve) => {
    const off = supervised.on((state) => {
      if (state.kind === 'starting') return
      off()
      resolve()
    })
  })
}

interface Readiness {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

function createReadiness(): Readiness {
  let resolve: () => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<void>((fulfil, refuse) => {
    resolve = fulfil
    reject = refuse
  })
  promise.catch(() => undefined) // Told by the supervision, which awaits the same promise.
  return { promise, resolve, reject }
}
