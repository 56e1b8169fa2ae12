import { toFailure } from '../../shared/errors'
import type { Logger } from '../log/logger'
import type { Executions } from './executions/start-executions'

/** The executions of a node, started when they are needed: a node that runs nothing keeps nothing of them. */
export interface ExecutionsLoader {
  /** Undefined while they are not started. */
  readonly current: Executions | undefined
  /** Whether they are being started, or may have to be because an earlier run of the node has left some. */
  readonly loading: boolean
  /** Ids of all that there are; undefined while they are being started. */
  readonly holdings: readonly string[] | undefined
  /** Ends executions that nobody wants; those that are not known are none. Never rejects. */
  cancel(executionIds: readonly string[]): Promise<void>
  /** Starts them if that has not been done. Rejects when they cannot be started; the next call tries again. */
  get(): Promise<Executions>
  /** Never rejects. */
  stop(): Promise<void>
}

interface ExecutionsLoaderOptions {
  /** Whether an earlier run of the node has left some. */
  readonly left: () => Promise<boolean>
  readonly start: () => Promise<Executions>
  /** They have been started: what the node has is known. */
  readonly onLoaded: () => void
  readonly log: Logger
}

/** Starts them at once, in the background, when an earlier run of the node has left some. */
export function createExecutionsLoader({ left, log, ...options }: ExecutionsLoaderOptions): ExecutionsLoader {
  let current: Executions | undefined
  let starting: Promise<Executions> | undefined
  let stopped = false

  const start = async (): Promise<Executions> => {
    const executions = await options.start()
    if (stopped) await executions.stop()
    current = executions
    options.onLoaded()
    return executions
  }
  const get = (): Promise<Executions> => {
    starting ??= start().catch((error: unknown) => {
      starting = undefined
      throw error
    })
    return starting
  }
  let looking = true
  void left().then((there) => {
    looking = false
    if (there && !stopped) get().catch((error: unknown) => logFailure(log, error))
  })
  return {
    get current() {
      return current
    },
    get loading() {
      return looking || starting !== undefined
    },
    get holdings() {
      return current === undefined && (looking || starting !== undefined) ? undefined : (current?.held ?? [])
    },
    cancel: async (executionIds) => {
      log.info('The orchestrator does not want executions of this node.', { executions: executionIds.length })
      const executions = current
      if (executions !== undefined) await Promise.all(executionIds.map((id) => executions.cancel(id)))
    },
    get,
    stop: async () => {
      stopped = true
      const executions = await starting?.catch(() => undefined) // Logged by whoever wanted them.
      await executions?.stop()
    },
  }
}

function logFailure(log: Logger, error: unknown): void {
  const { hint } = toFailure(error)
  log.error('The executions of an earlier run of this node cannot be gone on with.', { error, ...(hint === undefined ? {} : { hint }) })
}
