import type { BuildVersion, NodeInfo } from '../../shared/models/node'
import type { HandlersFor } from './route-handlers'

export interface AgentFacts {
  /** The Bacalhau version that this node is compatible with. */
  readonly version: BuildVersion
  /** What this node says of itself at this moment. */
  readonly node: () => NodeInfo
  /** The effective configuration as Bacalhau shows it (PascalCase, durations as text), every secret already masked. */
  readonly maskedConfig: () => object
}

export type AgentRoute = 'agentAlive' | 'agentVersion' | 'agentNode' | 'agentConfig' | 'agentAuthConfig'

/** The routes under `/api/v1/agent` that every node serves alike. */
export function agentHandlers(facts: AgentFacts): HandlersFor<AgentRoute> {
  return {
    agentAlive: () => ({ Status: 'OK' }),
    agentVersion: () => facts.version,
    agentNode: () => facts.node(),
    agentConfig: () => ({ config: { ...facts.maskedConfig() } }),
    agentAuthConfig: () => ({ Version: '1.0.0', Config: {} }),
  }
}
