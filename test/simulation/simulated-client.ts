import type { Orchestrator } from '../../electron/orchestrator/orchestrator'
import { ApiError } from '../../electron/http/reply/api-error'
import { toFailure } from '../../shared/errors'
import { terminalJobStates } from '../../shared/models/job'
import type { DurableWatch } from './durable-watch'
import type { SimulatedOrchestrator } from './simulated-orchestrator'
import type { VirtualTime } from './virtual-time'
import { type FollowUp, type JobShape, type PlannedJob, specOf } from './workload'

/** What a client knows of a job that it cares for. */
export interface JobFate {
  readonly planned: PlannedJob
  /** As it was submitted last. */
  shape: JobShape
  /** Known once it is accepted. */
  id: string | undefined
  /** Somebody wanted it to stop. */
  stopAsked: boolean
  deleteAsked: boolean
  /** A job of this name that is gone; there may be another one by now. */
  deleted: string | undefined
}

export interface SimulatedClientOptions {
  readonly time: VirtualTime
  readonly orchestrator: SimulatedOrchestrator
  readonly watch: DurableWatch
  readonly note: (text: () => string) => void
  readonly onFault: (fault: string) => void
}

type Handlers = Orchestrator['handlers']
interface Action {
  readonly title: string
  readonly call: (handlers: Handlers) => Promise<unknown>
  readonly onAnswer: (answer: unknown) => void
  /** A refusal for good. */
  readonly onRefusal: (error: ApiError) => void
}

const again = { pollMs: 250, afterMs: 1000 }

/** Somebody who submits jobs, and asks again until there is an answer. */
export class SimulatedClient {
  readonly fates: JobFate[] = []
  readonly #options: SimulatedClientOptions
  #waiting = 0

  constructor(options: SimulatedClientOptions) {
    this.#options = options
  }

  /** Questions that have no answer yet. */
  get waiting(): number {
    return this.#waiting
  }

  plan(jobs: readonly PlannedJob[]): void {
    const { time } = this.#options
    for (const planned of jobs) {
      const fate: JobFate = { planned, shape: planned.shape, id: undefined, stopAsked: false, deleteAsked: false, deleted: undefined }
      this.fates.push(fate)
      this.#waiting += 1 + planned.followUps.length
      time.after(time.world, planned.at, () => this.#submit(fate, planned.shape, false, () => (this.#waiting -= 1)))
      for (const followUp of planned.followUps) time.after(time.world, followUp.at, () => this.#followUp(fate, followUp))
    }
  }

  #followUp(fate: JobFate, followUp: FollowUp): void {
    const { time } = this.#options
    // Not before the job is known.
    if (fate.id === undefined) return void time.after(time.world, again.afterMs, () => this.#followUp(fate, followUp))
    const done = (): void => void (this.#waiting -= 1)
    switch (followUp.kind) {
      case 'stop':
        return this.#stop(fate, fate.id, done)
      case 'update':
        return this.#submit(fate, { ...fate.shape, ...followUp.change, ...countOf(fate.shape, followUp.change) }, true, done)
      case 'rerun':
        return this.#rerun(fate, fate.id, followUp.version, done)
      case 'delete':
        return this.#delete(fate, fate.id, done)
    }
  }

  #submit(fate: JobFate, shape: JobShape, force: boolean, done: () => void): void {
    const { watch, onFault } = this.#options
    if (fate.deleteAsked) return done()
    const { name, namespace } = fate.planned
    this.#ask({
      title: `submit ${namespace}/${name}`,
      call: async ({ submitJob }) =>
        submitJob(request<Parameters<typeof submitJob>[0]>({ body: { Job: specOf(fate.planned, shape), Force: force } })),
      onAnswer: (answer) => {
        fate.id = (answer as { readonly JobID: string }).JobID
        fate.shape = shape
        if (watch.state.job(fate.id) === undefined && !fate.deleteAsked) onFault(`job ${fate.id} was acknowledged before it was durable`)
        done()
      },
      // An earlier try was taken, but its answer was lost.
      onRefusal: (error) => {
        const [known] = watch.state.byName(namespace, name)
        if (known === undefined || !error.message.includes('no changes detected')) onFault(`job ${name} was refused: ${error.message}`)
        fate.id = known
        fate.shape = shape
        done()
      },
    })
  }

  #stop(fate: JobFate, id: string, done: () => void): void {
    const { watch, onFault } = this.#options
    fate.stopAsked = true
    const version = watch.state.job(id)?.latest.Version ?? 1
    this.#ask({
      title: `stop ${id}`,
      call: async ({ stopJob }) => stopJob(request<Parameters<typeof stopJob>[0]>({ params: { id }, query: {}, body: {} })),
      onAnswer: () => {
        const versions = [...(watch.state.job(id)?.versions.values() ?? [])].filter(({ Version }) => Version >= version)
        const states = versions.map(({ State }) => State.StateType)
        if (states.length > 0 && !states.some((state) => terminalJobStates.has(state)))
          onFault(`job ${id} was told as stopped and is ${states.join(', ')}`)
        done()
      },
      onRefusal: done,
    })
  }

  #rerun({ planned }: JobFate, id: string, version: number, done: () => void): void {
    const body = { JobVersion: version, Reason: '', Namespace: planned.namespace }
    this.#ask({
      title: `rerun ${id}`,
      call: async ({ rerunJob }) => rerunJob(request<Parameters<typeof rerunJob>[0]>({ params: { id }, body })),
      onAnswer: done,
      onRefusal: done,
    })
  }

  #delete(fate: JobFate, id: string, done: () => void): void {
    const { watch, onFault } = this.#options
    this.#ask({
      title: `delete ${id}`,
      call: async ({ deleteJob }) => {
        fate.deleteAsked = true
        return deleteJob(request<Parameters<typeof deleteJob>[0]>({ params: { id }, query: {} }))
      },
      onAnswer: () => {
        fate.deleted = id
        if (watch.state.job(id) !== undefined) onFault(`job ${id} was told as deleted and is there`)
        done()
      },
      onRefusal: () => done(),
    })
  }

  #ask(action: Action): void {
    const { time, orchestrator, note } = this.#options
    const { title, call, onAnswer, onRefusal } = action
    const current = orchestrator.current
    const later = (): void => void time.after(time.world, again.afterMs, () => this.#ask(action))
    if (current === undefined) return later()
    let isOver = false
    const settle = (how: string, then: () => void): void => {
      if (isOver) return
      isOver = true
      note(() => `client: ${title}: ${how}`)
      then()
    }
    orchestrator.ask(({ handlers }) => {
      call(handlers).then(
        (answer) => settle('answered', () => onAnswer(answer)),
        (error: unknown) => {
          const refused = error instanceof ApiError && error.code !== 'ServiceUnavailable'
          settle(toFailure(error).message, () => (refused ? onRefusal(error) : later()))
        },
      )
    })
    const look = (): void => {
      if (isOver) return
      if (orchestrator.current !== current) return settle('the orchestrator is gone', later)
      time.after(time.world, again.pollMs, look)
    }
    look()
  }
}

/** Ops and daemon jobs have no count of their own. */
function countOf({ type, count }: JobShape, change: Partial<JobShape>): Pick<JobShape, 'count'> {
  return { count: type === 'batch' || type === 'service' ? (change.count ?? count) : count }
}

/** A request as the HTTP server hands it over: everything in it is checked already. */
export function request<Request>(parts: { readonly params?: object; readonly query?: object; readonly body?: object }): Request {
  return { params: {}, query: undefined, body: undefined, header: () => undefined, signal: new AbortController().signal, ...parts } as Request
}
