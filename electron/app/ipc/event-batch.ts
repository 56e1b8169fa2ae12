import type { EventBatch } from '../../../shared/bridge'
import type { EventName, Events } from '../../../shared/ipc'

/** One frame at 60 Hz. */
export const FRAME_MS = 16

/** Events that wait for the next frame. What a later event replaces is dropped, what adds up is kept in order. */
interface PendingEvents {
  add<Name extends EventName>(name: Name, payload: Events[Name]): void
  /** All that waits, in order; nothing waits afterwards. */
  take(): EventBatch
  readonly empty: boolean
}

/** Small topics come whole, so only their last value matters; a snapshot of nodes replaces all that was told of that cluster before it. */
export function createPendingEvents(): PendingEvents {
  let pending: (readonly [EventName, unknown])[] = []
  const dropWhere = (replaced: (name: EventName, payload: unknown) => boolean): void => {
    pending = pending.filter(([name, payload]) => !replaced(name, payload))
  }
  return {
    add: (name, payload) => {
      if (name === 'nodes.changed') {
        const nodes = payload as Events['nodes.changed']
        if (nodes.kind === 'snapshot') dropWhere((other, value) => other === name && (value as Events['nodes.changed']).clusterId === nodes.clusterId)
      } else if (name !== 'logs.appended') {
        dropWhere((other) => other === name)
      }
      pending.push([name, payload])
    },
    take: () => {
      const batch = pending.map(([name, payload]) => [name, JSON.stringify(payload)] as const)
      pending = []
      return batch
    },
    get empty() {
      return pending.length === 0
    },
  }
}
