import type { Resources } from '../../../shared/models/resources'
import { compact } from '../machine/allocation'
import { fits, minus, plus } from '../bidding/usage'
import { beforeInQueue, chooseNext, type Waiting } from './choose-next'

/** What is free, what those that wait ask for, and how many there are of each. */
export interface NodeLoad {
  readonly available: Resources
  readonly queued: Resources
  readonly running: number
  readonly waiting: number
}

interface ExecutionQueueOptions {
  /** All that jobs may use of this node; may grow while it runs (call `capacityChanged`). */
  readonly max: () => Resources
  /** It has its share now; `resources` names its GPUs. Called once for each that is not removed before. */
  readonly start: (id: string, resources: Resources) => void
  readonly onChange: () => void
}

/** The executions of a node that run or wait for their share of it. */
export interface ExecutionQueue {
  /** False when it is more than the node has: then it is not taken. One that is known is not taken twice. */
  add(id: string, usage: Resources, priority: number): boolean
  /** It runs no more, or is to wait no more: its share is free. */
  remove(id: string): void
  capacityChanged(): void
  readonly load: NodeLoad
}

type Gpus = NonNullable<Resources['GPUs']>

interface Running {
  readonly usage: Resources
  readonly startedAt: number
  readonly gpus: Gpus
}

/** Empty. `start` is called when an execution’s turn has come, with the GPUs that are its own. */
export function createExecutionQueue({ max, start, onChange }: ExecutionQueueOptions): ExecutionQueue {
  const running = new Map<string, Running>()
  let waiting: Waiting[] = []
  let count = 0
  let scanning = false

  const freeGpus = (): Gpus => {
    const taken = new Set([...running.values()].flatMap(({ gpus }) => gpus.map(({ Index }) => Index)))
    return (max().GPUs ?? []).filter(({ Index }) => !taken.has(Index))
  }

  const scan = (): void => {
    // A start that fails at once comes back here.
    if (scanning) return
    scanning = true
    for (;;) {
      const next = chooseNext(waiting, [...running.values()], max())
      if (next === undefined) break
      waiting = waiting.filter((item) => item !== next)
      const gpus = freeGpus().slice(0, next.usage.GPU ?? 0)
      running.set(next.id, { usage: next.usage, startedAt: (count += 1), gpus })
      start(next.id, withGpus(next.usage, gpus))
    }
    scanning = false
    onChange()
  }

  return {
    add: (id, usage, priority) => {
      if (running.has(id) || waiting.some((item) => item.id === id)) return true
      if (!fits(usage, max())) return false
      waiting.push({ id, usage, priority, order: (count += 1) })
      waiting.sort(beforeInQueue)
      scan()
      return true
    },
    remove: (id) => {
      const before = waiting.length
      waiting = waiting.filter((item) => item.id !== id)
      if (running.delete(id) || waiting.length < before) scan()
    },
    capacityChanged: scan,
    get load() {
      const used = [...running.values()].reduce<Resources>((sum, { usage }) => plus(sum, usage), {})
      return {
        available: withGpus(minus(max(), used), freeGpus()),
        queued: waiting.reduce<Resources>((sum, { usage }) => plus(sum, usage), {}),
        running: running.size,
        waiting: waiting.length,
      }
    },
  }
}

function withGpus({ CPU, Memory, Disk, GPU }: Resources, GPUs: Gpus): Resources {
  return compact({ CPU, Memory, Disk, GPU, GPUs })
}
