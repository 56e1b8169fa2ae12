import { AppError } from '../../../shared/errors'
import type { Client } from '../../client/http-client'
import type { HandlerContext, HandlersOf } from './handler-context'

type NodeAction = 'approve' | 'reject' | 'delete'

export function nodeHandlers({ clusters, opened, publish, log }: HandlerContext): HandlersOf<'nodes'> {
  return {
    'nodes.open': ({ clusterId }) => {
      const member = clusters.member(clusterId)
      opened.add(clusterId)
      const snapshot = member.kind === 'broken' ? undefined : member.connection?.mirror.snapshot()
      if (snapshot !== undefined) publish('nodes.changed', snapshot)
    },
    'nodes.share': ({ clusterId, count }) => clusters.local(clusterId).previewNodes(count),
    'nodes.add': async ({ clusterId, count }) => ({ names: await clusters.local(clusterId).addNodes(count) }),
    'nodes.start': ({ clusterId, node }) => clusters.local(clusterId).startNode(node),
    'nodes.stop': ({ clusterId, node }) => clusters.local(clusterId).stopNode(node),
    'nodes.restart': ({ clusterId, node }) => clusters.local(clusterId).restartNode(node),
    'nodes.remove': async ({ clusterId, node }) => {
      await clusters.local(clusterId).removeNode(node)
      // It is gone from this machine; that its orchestrator forgets it too is only tidy.
      try {
        await act(clusters.client(clusterId), node, 'delete')
      } catch (error) {
        log.info(`The orchestrator still remembers ${node}.`, { error })
      }
    },
    'nodes.approve': ({ clusterId, node }) => act(clusters.client(clusterId), node, 'approve'),
    'nodes.reject': ({ clusterId, node, message }) => act(clusters.client(clusterId), node, 'reject', message),
    'nodes.delete': ({ clusterId, node }) => act(clusters.client(clusterId), node, 'delete'),
  }
}

async function act(client: Client, node: string, Action: NodeAction, Message = ''): Promise<void> {
  const { Success, Error: reason } = await client.call('updateNode', { params: { id: node }, body: { Action, Message, NodeID: node } })
  if (!Success) throw new AppError('node.action-refused', `${node}: the orchestrator refused to ${Action} it${reason ? `: ${reason}` : '.'}`)
}
