import type { Cluster, ClusterColour, ClusterPhase } from '../../../shared/cluster'
import type { Failure } from '../../../shared/errors'
import type { LocalCluster } from '../../local/cluster/local-cluster'
import type { FactStore } from '../../local/files/fact-store'
import type { JoinedNodes } from '../../local/nodes/joined-nodes'
import type { AttachedFacts } from './attached-facts'
import type { ClusterConnection } from './cluster-connection'

/** An orchestrator that runs elsewhere, and the nodes of this machine that join it. */
export interface AttachedMember {
  readonly kind: 'attached'
  readonly id: string
  readonly folder: string
  readonly facts: FactStore<AttachedFacts>
  readonly nodes: JoinedNodes
  readonly connection: ClusterConnection
  readonly since: number
}

/** One remembered cluster, and the connection to its API while there is one. */
export type Member =
  | {
      readonly kind: 'local'
      readonly id: string
      readonly folder: string
      readonly cluster: LocalCluster
      connection: ClusterConnection | undefined
    }
  | AttachedMember
  /** Its files cannot be used; they are left as they are, and the window says why. */
  | { readonly kind: 'broken'; readonly id: string; readonly folder: string; readonly failure: Failure; readonly at: number }

/** A member as the window shows it. */
export function clusterOf(member: Member): Cluster {
  switch (member.kind) {
    case 'local': {
      const { id, name, colour, phase, apiUrl, reach, localNodes, notices } = member.cluster.view
      return {
        id,
        name,
        colour,
        kind: 'local',
        apiUrl: apiUrl ?? '',
        phase,
        link: member.connection?.link ?? { kind: 'none' },
        localNodes,
        notices,
        ...(reach === undefined ? {} : { reach }),
      }
    }
    case 'attached': {
      const { id, name, colour, apiUrl } = member.facts.current
      const phase: ClusterPhase = { kind: 'running', since: member.since }
      const { link } = member.connection
      const { localNodes } = member.nodes
      return { id, name, colour: colour as ClusterColour, kind: 'attached', apiUrl, phase, link, localNodes, notices: [] }
    }
    case 'broken':
      return {
        id: member.id,
        name: member.id,
        colour: 1,
        kind: 'local',
        apiUrl: '',
        phase: { kind: 'failed', at: member.at, failure: member.failure, steps: [] },
        link: { kind: 'none' },
        localNodes: [],
        notices: [],
      }
  }
}

/** What of it has processes on this machine. */
export function runningPart(member: Member): LocalCluster | JoinedNodes | undefined {
  if (member.kind === 'broken') return undefined
  return member.kind === 'local' ? member.cluster : member.nodes
}
