import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findByPrefix, queryNodes } from '../../../../electron/orchestrator/queries/list-nodes'
import type { NodeQuery } from '../../../../electron/orchestrator/queries/list-nodes'
import type { NodeState } from '../../../../shared/models/node'
import { loadExchanges } from '../../../fixtures/http/exchanges'

const recorded = loadExchanges('node-list').filter(({ request }) => request.path === '/api/v1/orchestrator/nodes')
const nodesOf = (body: unknown) => (body as { Nodes: NodeState[] }).Nodes
const all = nodesOf(recorded[0]?.response.body)
const idsOf = (nodes: readonly NodeState[]) => nodes.map(({ Info }) => Info.NodeID)

function toQuery(query: Readonly<Record<string, string | readonly string[]>>): NodeQuery {
  const text = (key: string) => (typeof query[key] === 'string' ? query[key] : '')
  return {
    ...(query['labels'] === undefined ? {} : { labels: query['labels'] }),
    approval: text('filter-approval'),
    status: text('filter-status'),
    orderBy: text('order_by'),
    reverse: text('reverse') === 'true',
    limit: Number(text('limit')),
  }
}

describe('the list of nodes', () => {
  it.each(recorded.map(({ request, response, step }) => ({ step, request, response })))('$step', ({ request, response }) => {
    if (response.status === 400) {
      expect(() => queryNodes(all, toQuery(request.query))).toThrow(
        expect.objectContaining({ code: 'InternalError', status: 400, message: 'invalid order_by' }),
      )
    } else {
      expect(idsOf(queryNodes(all, toQuery(request.query)))).toEqual(idsOf(nodesOf(response.body)))
    }
  })

  it('tells what is wrong with a label selector', () => {
    expect(() => queryNodes(all, { labels: '==', reverse: false, limit: 0 })).toThrow(
      expect.objectContaining({ status: 400, message: "found '==', expected: !, identifier, or 'end of string'" }),
    )
  })

  it('orders by connection where asked for the status', () => {
    const [first, ...rest] = all
    if (first === undefined) throw new Error('nothing recorded')
    const gone = { ...first, Connection: 'DISCONNECTED' }
    expect(idsOf(queryNodes([gone, ...rest], { orderBy: 'status', reverse: false, limit: 0 })).at(-1)).toBe(gone.Info.NodeID)
  })

  it('never changes what it is given, and a limit only cuts', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', 'id', 'type', 'available_cpu', 'available_gpu', 'approval', 'status'),
        fc.boolean(),
        fc.nat(5),
        (orderBy, reverse, limit) => {
          const before = [...all]
          const whole = queryNodes(all, { orderBy, reverse, limit: 0 })
          expect(queryNodes(all, { orderBy, reverse, limit })).toEqual(limit === 0 ? whole : whole.slice(0, limit))
          expect(all).toEqual(before)
        },
      ),
    )
  })
})

describe('a node by its id', () => {
  const ids = ['n-1', 'n-12', 'n-13', 'n-14', 'other']
  it('is found by its whole id first, then by a prefix that fits one alone', () => {
    expect(findByPrefix(ids, 'n-1')).toBe('n-1')
    expect(findByPrefix(ids, 'oth')).toBe('other')
  })
  it('names up to three that fit', () => {
    expect(() => findByPrefix(ids, 'n-')).toThrow(
      expect.objectContaining({
        code: 'MultipleNodesFound',
        status: 409,
        message: 'multiple nodes found for prefix: n-, matching IDs: [n-1 n-12 n-13 ...]',
      }),
    )
  })
  it('is not found', () => {
    expect(() => findByPrefix(ids, 'x')).toThrow(
      expect.objectContaining({ code: 'NotFound', status: 404, message: 'node not found: x', component: 'NodesManager' }),
    )
  })
})
