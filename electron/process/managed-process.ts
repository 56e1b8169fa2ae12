import { fromFailure, toFailure, type Failure } from '../../shared/errors'
import type { Service, ServiceState } from '../../shared/service'
import type { Child, ChildExit } from './child'
import type { Clock } from './clock'
import { decideRestart, type RestartPolicy } from './restart-policy'

/** What supervision has to say; a Logger fits. */
export interface SupervisionLog {
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}

/** What is started, how it is known to be ready, and what is done when it ends. */
export interface ManagedProcessOptions {
  /** As it stands in messages: `node node-2`. */
  readonly name: string
  readonly launch: () => Child | Promise<Child>
  /** Resolves when the child is proved ready, rejects with why it never will be; the signal ends the waiting. */
  readonly ready: (child: Child, signal: AbortSignal) => Promise<void>
  readonly readyTimeoutMs: number
  /** How long it may take to end when asked, before it is killed. */
  readonly stopGraceMs: number
  readonly restart: RestartPolicy
  readonly clock: Clock
  readonly log: SupervisionLog
  /** In [0, 1); spreads restarts. */
  readonly random?: () => number
}

/**
 * A Service over a child process. A start that fails is told at once and not repeated: a person or a program waits for the answer.
 * A process that was ready and died is started again as the policy says.
 */
export interface ManagedProcess extends Service {
  /** Called with every new state; returns what ends it. */
  on(listener: (state: ServiceState) => void): () => void
}

type Life =
  | { readonly kind: 'stopped'; readonly exitCode: number | null }
  | { readonly kind: 'died'; readonly failure: Failure; readonly readyMs: number; readonly wasReady: boolean }

/** From a call of start() until all is over: stopped or given up. */
interface Lifetime {
  readonly stopping: AbortController
  readonly started: Promise<void>
  readonly ended: Promise<void>
}

/** How long an unkillable process (stuck in the kernel) holds up a stop. */
const KILL_PATIENCE_MS = 5000

/** A process that does not run yet. */
export function superviseProcess(options: ManagedProcessOptions): ManagedProcess {
  const { name, clock, log, random = Math.random } = options
  const listeners = new Set<(state: ServiceState) => void>()
  let state: ServiceState = { kind: 'stopped' }
  let current: Lifetime | undefined

  const enter = (next: ServiceState): void => {
    state = next
    for (const listener of listeners) listener(next)
  }

  /** From launch to end. `onReady` is called once, when it is ready. */
  const live = async (restarts: number, stopping: AbortSignal, onReady: () => void): Promise<Life> => {
    let child: Child
    try {
      child = await options.launch()
    } catch (error) {
      return { kind: 'died', failure: toFailure(error), readyMs: 0, wasReady: false }
    }
    if (isAborted(stopping)) return { kind: 'stopped', exitCode: (await end(child)).code }
    enter({ kind: 'starting', since: clock.now(), pid: child.pid })
    const failure = await untilReady(options, child, stopping)
    if (failure !== undefined) {
      if (isAborted(stopping)) enter({ kind: 'stopping', since: clock.now(), pid: child.pid })
      const exit = await end(child)
      return isAborted(stopping) ? { kind: 'stopped', exitCode: exit.code } : { kind: 'died', failure, readyMs: 0, wasReady: false }
    }
    const readyAt = clock.monotonicMs()
    enter({ kind: 'running', since: clock.now(), pid: child.pid, restarts })
    onReady()
    const exit = await Promise.race([child.exited, aborted(stopping)])
    if (exit === undefined) {
      enter({ kind: 'stopping', since: clock.now(), pid: child.pid })
      return { kind: 'stopped', exitCode: (await end(child)).code }
    }
    return { kind: 'died', failure: deathOf(name, child, exit), readyMs: clock.monotonicMs() - readyAt, wasReady: true }
  }

  const end = async (child: Child): Promise<ChildExit> => {
    child.end()
    const asked = await within(child.exited, options.stopGraceMs, clock)
    if (asked !== undefined) return asked
    log.warn(`${name} did not end within ${options.stopGraceMs} ms and is killed.`)
    child.kill()
    const killed = await within(child.exited, KILL_PATIENCE_MS, clock)
    if (killed === undefined) log.error(`${name} (pid ${child.pid}) cannot be killed; the system holds it.`)
    return killed ?? { code: null, signal: 'SIGKILL' }
  }

  const run = async (stopping: AbortSignal, onReady: () => void, onFailed: (failure: Failure) => void): Promise<void> => {
    let attempts = 0
    for (let restarts = 0; ; restarts += 1) {
      enter({ kind: 'starting', since: clock.now() })
      const life = await live(restarts, stopping, onReady)
      if (life.kind === 'stopped' || isAborted(stopping))
        return enter({ kind: 'stopped', at: clock.now(), ...(life.kind === 'stopped' ? { exitCode: life.exitCode } : {}) })
      log.warn(life.failure.message)
      const decision = decideRestart(options.restart, { attempts, readyMs: life.readyMs }, random())
      if (decision.kind === 'give-up' || (restarts === 0 && !life.wasReady)) {
        enter({ kind: 'failed', since: clock.now(), failure: life.failure })
        return onFailed(life.failure)
      }
      attempts = decision.attempts
      const now = clock.now()
      enter({ kind: 'waiting', since: now, nextTryAt: now + decision.delayMs, attempt: attempts, failure: life.failure })
      await clock.sleep(decision.delayMs, stopping)
      if (isAborted(stopping)) return enter({ kind: 'stopped', at: clock.now() })
    }
  }

  const begin = (): Lifetime => {
    const stopping = new AbortController()
    const answer = deferred()
    const refuse = (failure: Failure): void => answer.reject(fromFailure(failure))
    const ended = run(stopping.signal, answer.resolve, refuse).then(() => {
      current = undefined
      refuse({ code: 'process.stopped', message: `${name} was stopped before it was ready.` })
    })
    return { stopping, started: answer.promise, ended }
  }

  return {
    start: () => (current ??= begin()).started,
    stop: () => {
      current?.stopping.abort()
      return current?.ended ?? Promise.resolve()
    },
    get state() {
      return state
    },
    on: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Undefined when it is ready; otherwise why it is not (also when it is being stopped, which the caller sees by the signal). */
async function untilReady(
  { name, ready, readyTimeoutMs, clock }: ManagedProcessOptions,
  child: Child,
  stopping: AbortSignal,
): Promise<Failure | undefined> {
  const waiting = new AbortController()
  const proved: Promise<Failure | undefined> = Promise.resolve()
    .then(() => ready(child, waiting.signal))
    .then(() => undefined, toFailure)
  const timedOut = clock.sleep(readyTimeoutMs, waiting.signal).then(() => ({
    code: 'process.not-ready',
    message: `${name} was not ready within ${readyTimeoutMs / 1000} s.`,
    hint: 'Read its log; the machine may be too busy, or the program may wait for something.',
  }))
  // What the process itself said before it ended is the better reason, and may arrive a moment later.
  const ended = child.exited.then(async (exit) => (await within(proved, 20, clock)) ?? deathOf(name, child, exit))
  const outcome = await Promise.race([
    proved,
    timedOut,
    ended,
    aborted(stopping).then(() => ({ code: 'process.stopped', message: `${name} is being stopped.` })),
  ])
  waiting.abort()
  return outcome
}

/** Signals that programs and people send; all others come of a fault of the process itself. */
const outsideSignals: ReadonlySet<string> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'])

function deathOf(name: string, child: Child, exit: ChildExit): Failure {
  const { signal } = exit
  // What it said last tells why a program gave up; one that was ended from outside was given no time to say anything.
  const fromOutside = signal !== null && outsideSignals.has(signal)
  const last = fromOutside ? undefined : child.lastLines?.().at(-1)
  const how = fromOutside ? `was ended from outside (${signal})` : `ended by itself (${signal ?? `exit code ${String(exit.code)}`})`
  return {
    code: 'process.died',
    message: `${name} ${how}.${last === undefined ? '' : ` Its last line: ${last}`}`,
    hint:
      signal === 'SIGKILL'
        ? 'Somebody ended it, or the system did because memory ran short. Read its log for what came before.'
        : 'Read its log for what came before.',
    details: { ...(exit.code === null ? {} : { exitCode: String(exit.code) }), ...(exit.signal === null ? {} : { signal: exit.signal }) },
  }
}

/** The value, or undefined after `ms`. */
async function within<Value>(value: Promise<Value>, ms: number, clock: Clock): Promise<Value | undefined> {
  const enough = new AbortController()
  const result = await Promise.race([value, clock.sleep(ms, enough.signal).then(() => undefined)])
  enough.abort()
  return result
}

/** Its rejection is told to whoever called start(); others read the state. */
function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void; readonly reject: (error: Error) => void } {
  let resolve: () => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<void>((fulfil, refuse) => {
    resolve = fulfil
    reject = refuse
  })
  promise.catch(() => undefined) // Nobody need have called it.
  return { promise, resolve, reject }
}

/** A call, since the compiler takes a property that was false once for false ever after. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    else signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}
