import { ApiError } from '../../electron/http/reply/api-error'
import type { Orchestrator } from '../../electron/orchestrator/orchestrator'
import { toFailure } from '../../shared/errors'
import { request } from './simulated-client'
import type { SimulatedNode } from './simulated-node'
import type { SimulatedOrchestrator } from './simulated-orchestrator'
import type { Random } from './seeded-random'
import type { VirtualTime } from './virtual-time'

export interface SimulatedOperatorOptions {
  readonly time: VirtualTime
  readonly random: Random
  readonly orchestrator: SimulatedOrchestrator
  /** Grows with nodes that come later. */
  readonly nodes: readonly SimulatedNode[]
  readonly note: (text: () => string) => void
}

type Action = 'approve' | 'reject' | 'delete'
const lookEveryMs = 2000

/** Somebody who decides which nodes belong to the cluster, and in the end approves all that are not outcasts. */
export class SimulatedOperator {
  readonly #options: SimulatedOperatorOptions
  readonly #outcasts = new Set<string>()

  constructor(options: SimulatedOperatorOptions) {
    this.#options = options
  }

  isOutcast({ id }: SimulatedNode): boolean {
    return this.#outcasts.has(id)
  }

  /** Approves nodes that wait for it some time after they have come. */
  approveInTime(patienceMs: number): void {
    const { time, random, nodes } = this.#options
    const seen = new Set<string>()
    const look = (): void => {
      for (const node of nodes) {
        if (seen.has(node.id) || this.#membershipOf(node.id) !== 'PENDING') continue
        seen.add(node.id)
        time.after(time.world, random.whole(0, patienceMs), () => {
          if (!this.#outcasts.has(node.id)) this.#act('approve', node.id)
        })
      }
      time.after(time.world, lookEveryMs, look)
    }
    look()
  }

  /** Changes his mind so many times within `spanMs`; then all nodes are approved but some that are rejected for good. */
  meddle(count: number, spanMs: number): void {
    const { time, random, nodes } = this.#options
    for (let each = 0; each < count; each += 1) {
      const action = random.pick<Action>(['approve', 'reject', 'reject', 'delete'])
      time.after(time.world, random.whole(0, spanMs), () => this.#act(action, random.pick(nodes).id))
    }
    time.after(time.world, spanMs, () => {
      for (const node of nodes.slice(1)) {
        if (!random.chance(0.1)) continue
        this.#outcasts.add(node.id)
        this.#until('REJECTED', 'reject', node)
      }
      const look = (): void => {
        for (const node of nodes) if (!this.#outcasts.has(node.id)) this.#approveIfNot(node.id)
        time.after(time.world, lookEveryMs, look)
      }
      look()
    })
  }

  #approveIfNot(id: string): void {
    const membership = this.#membershipOf(id)
    if (membership === 'PENDING' || membership === 'REJECTED') this.#act('approve', id)
  }

  #until(membership: string, action: Action, node: SimulatedNode): void {
    const { time } = this.#options
    const now = this.#membershipOf(node.id)
    if (now !== undefined && now !== membership) this.#act(action, node.id)
    time.after(time.world, lookEveryMs, () => this.#until(membership, action, node))
  }

  #act(action: Action, id: string): void {
    const { orchestrator, note } = this.#options
    orchestrator.ask(({ handlers }) => {
      note(() => `operator: ${action} ${id}`)
      const { updateNode } = handlers
      Promise.resolve(updateNode(request<Parameters<typeof updateNode>[0]>({ params: { id }, body: { Action: action, Message: '' } }))).catch(
        (error: unknown) => note(() => `operator: ${action} ${id}: ${toFailure(error).message}`),
      )
    })
  }

  /** Undefined where nobody knows the node, or there is nobody to ask. */
  #membershipOf(id: string): string | undefined {
    const handlers: Orchestrator['handlers'] | undefined = this.#options.orchestrator.current?.handlers
    if (handlers === undefined) return undefined
    const { getNode } = handlers
    try {
      const answer = getNode(request<Parameters<typeof getNode>[0]>({ params: { id } }))
      return 'Node' in answer && answer.Node.Info.NodeID === id ? answer.Node.Membership : undefined
    } catch (error) {
      if (error instanceof ApiError) return undefined
      throw error
    }
  }
}
