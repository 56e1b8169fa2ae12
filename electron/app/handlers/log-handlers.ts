import path from 'node:path'
import { openLogTail, type LogTail } from '../log-tail'
import type { HandlerContext, HandlersOf } from './handler-context'

/** Logs of nodes of this machine: each is read from its file while the window has it open. */
export function logHandlers({ clusters, publish, log }: HandlerContext): HandlersOf<'logs'> {
  const open = new Map<string, LogTail>()
  const close = (key: string): void => {
    open.get(key)?.close()
    open.delete(key)
  }
  return {
    'logs.open': async ({ clusterId, node }) => {
      const key = `${clusterId}/${node}`
      const tail = await openLogTail({
        node,
        folder: path.join(clusters.nodes(clusterId).dataDir(node), 'logs'),
        onLines: (lines) => publish('logs.appended', { clusterId, node, lines }),
        onTrouble: (error) => log.warn('A log cannot be followed.', { node, error }),
      })
      close(key)
      open.set(key, tail)
      return { lines: tail.lines }
    },
    'logs.close': ({ clusterId, node }) => close(`${clusterId}/${node}`),
  }
}
