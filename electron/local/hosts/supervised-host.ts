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
export interface SupervisedHostOptions {
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
  const { name, launcher, clock, log } = options
  let child: HostChild | undefined
  let ready: ReadyReport | undefined
  let connection: ComputeConnection | undefined
  let lastLogLine: string | undefined
  let readiness: Readiness = createReadiness()
  /** Orders are answered in order. */
  let reloads: ((failure: Failure | undefined) => void)[] = []

  const hear = (message: unknown): void => {
    const parsed = hostReportSchema.safeParse(message)
    if (!parsed.success) {
      log.warn(`${name} sent a message that is not understood.`)
      return
    }
    const report = parsed.data
    options.onReport(report)
    if (report.kind === 'ready') {
      ready = report
      readiness.resolve()
    } else if (report.kind === 'compute') connection = report.connection
    else if (report.kind === 'reloaded') reloads.shift()?.(report.failure)
    else if (report.kind === 'failed') readiness.reject(fromFailure(report.failure))
    options.onChange()
  }

  const launch = async (): Promise<HostChild> => {
    readiness = createReadiness()
    reloads = []
    const launched = await launcher.launch(await options.request())
    child = launched
    launched.onMessage(hear)
    launched.onLine((line) => {
      lastLogLine = line
      // Of interest while it is not known how the start ends; a running host has its log.
      if (supervised.state.kind !== 'running') options.onChange()
    })
    return launched
  }

  const supervised = superviseProcess({
    name,
    launch,
    ready: () => readiness.promise,
    readyTimeoutMs: options.readyTimeoutMs,
    stopGraceMs: options.stopGraceMs,
    restart: options.restart,
    clock,
    log,
    // At least half of the delay, so that a person sees that it died.
    random: () => 0.5 + Math.random() / 2,
  })
  supervised.on((state) => {
    if (state.kind !== 'running' && state.kind !== 'stopping') {
      ready = undefined
      connection = undefined
    }
    options.onChange()
  })

  return {
    get state() {
      return supervised.state
    },
    get ready() {
      return supervised.state.kind === 'running' ? ready : undefined
    },
    get connection() {
      return connection
    },
    get lastLogLine() {
      return lastLogLine
    },
    start: () => supervised.start(),
    stop: () => supervised.stop(),
    kill: () => {
      const ended = supervised.stop()
      child?.kill()
      return ended
    },
    reload: async () => {
      // One that is starting may have read its file already, and hears no order yet.
      if (supervised.state.kind === 'starting') await started(supervised)
      if (child === undefined || supervised.state.kind !== 'running') return
      const answered = new Promise<Failure | undefined>((resolve) => reloads.push(resolve))
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
    },
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
