import { subjects } from '../../../shared/wire/subjects'
import type { Logger } from '../../log/logger'
import type { NatsLink } from '../../transport/link'
import { startSubscriber } from '../../transport/ncl/subscriber'
import type { DataMessage } from '../../transport/ncl/subscriber'

/** Where messages of nodes about their work come in. */
interface DataPlane {
  /** Listens to a node's messages; opening an open one changes nothing. */
  open(id: string): void
  close(id: string): void
  stop(): void
}

/** Takes one message of a node. It is acknowledged when this resolves. */
export type TakeMessage = (id: string, message: DataMessage) => Promise<void>

/** The subscriptions to what connected nodes tell of their work, one a node. */
export function createDataPlane(link: NatsLink, log: Logger, take: TakeMessage): DataPlane {
  const open = new Map<string, { stop(): void }>()
  return {
    open: (id) => {
      if (open.has(id)) return
      open.set(id, startSubscriber(link, subjects(id).toOrchestrator, { log, handle: (message) => take(id, message), order: 'ahead' }))
    },
    close: (id) => {
      open.get(id)?.stop()
      open.delete(id)
    },
    stop: () => {
      for (const one of open.values()) one.stop()
      open.clear()
    },
  }
}
