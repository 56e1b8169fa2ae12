import { AppError } from '../../../shared/errors'
import type { Client } from '../../client/http-client'
import { knownJoining, readJoiningForm, suggestJoining } from '../clusters/suggest-joining'
import { askNodePort } from '../clusters/node-port'
import type { HandlerContext, HandlersOf } from './handler-context'

type NodeAction = 'approve' | 'reject' | 'delete'

/** Acts on nodes: those of this machine go to their hosts, membership goes to the orchestrator’s API. */
export function nodeHandlers({ clusters, opened, publish, log }: HandlerContext): HandlersOf<'nodes'> {
  return {
    'nodes.open': ({ clusterId }) => {
      const member = clusters.member(clusterId)
      opened.add(clusterId)
      const snapshot = member.kind === 'broken' ? undefined : member.connection?.mirror.snapshot()
      if (snapshot !== undefined) publish('nodes.changed', snapshot)
    },
    'nodes.share': ({ clusterId, count }) => clusters.nodes(clusterId).previewNodes(count),
    'nodes.add': async ({ clusterId, count }) => ({ names: await clusters.nodes(clusterId).addNodes(count) }),
    'nodes.joining': async ({ clusterId }) => {
      const known = await clusters.joined(clusterId).joining()
      if (known !== undefined) return knownJoining(known)
      const connection = clusters.connection(clusterId)
      const told = await askNodePort(connection).catch((error: unknown) => {
        log.info('Where nodes join is not told.', { cluster: clusterId, error })
        return undefined
      })
      return { ...suggestJoining(connection.client.baseUrl, told), tokenKnown: false }
    },
    'nodes.join': async ({ clusterId, count, addresses, token }) => {
      const nodes = clusters.joined(clusterId)
      const known = await nodes.joining()
      return { names: await nodes.join(count, readJoiningForm(addresses, token, known)) }
    },
    'nodes.start': ({ clusterId, node }) => clusters.nodes(clusterId).startNode(node),
    'nodes.stop': ({ clusterId, node }) => clusters.nodes(clusterId).stopNode(node),
    'nodes.restart': ({ clusterId, node }) => clusters.nodes(clusterId).restartNode(node),
    'nodes.remove': async ({ clusterId, node }) => {
      await clusters.nodes(clusterId).removeNode(node)
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
