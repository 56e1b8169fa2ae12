import { ApiError } from '../../http/reply/api-error'
import { JsonText } from '../../http/reply/json-text'
import type { HandlersFor } from '../../http/route-handlers'
import { findByPrefix, queryNodes } from '../queries/list-nodes'
import { notFound } from '../membership/node-membership'
import type { Membership } from '../membership/node-membership'
import type { NodeTable } from '../nodes/node-table'
import { unavailable } from '../unavailable'

/** The routes under `/api/v1/orchestrator/nodes`, and Shoal's own view of one node. */
export function nodeHandlers(table: NodeTable, membership: Membership): HandlersFor<'listNodes' | 'getNode' | 'updateNode' | 'shoalNode'> {
  return {
    listNodes: ({ query }) => {
      const { labels, reverse, limit } = query
      const filters = { approval: query['filter-approval'] ?? '', status: query['filter-status'] ?? '', orderBy: query.order_by ?? '' }
      const nodes = queryNodes(table.states(), { ...filters, reverse, limit, ...(labels === undefined ? {} : { labels }) })
      return new JsonText(`{"NextToken":"","Nodes":[${nodes.map((node) => table.text(node)).join(',')}]}`)
    },
    getNode: ({ params }) => {
      const state = table.state(findByPrefix(table.ids(), params.id))
      if (state === undefined) throw notFound(params.id)
      return { Node: state }
    },
    shoalNode: ({ params }) => {
      const row = table.row(findByPrefix(table.ids(), params.id))
      if (row === undefined) throw notFound(params.id)
      return row
    },
    updateNode: async ({ params, body }) => {
      const { Action: action, Message: message } = body
      if (action !== 'approve' && action !== 'reject' && action !== 'delete') {
        // Status, code and first words are Bacalhau's; it tells the rest only when debugging.
        throw new ApiError('InternalError', `Internal server error: unsupported action ${JSON.stringify(action)}; use approve, reject or delete`, {
          component: 'Unknown',
        })
      }
      await membership.change(action, findByPrefix(table.ids(), params.id), params.id, message).catch((error: unknown) => {
        throw unavailable('Nodes cannot be changed', error)
      })
      return { Success: true }
    },
  }
}
