import type { BuildVersion, NodeInfo } from '../../shared/models/node'
import { withoutZeros } from './without-zeros'
import type { HandlersFor, ServedBy } from './route-handlers'

/** What a node tells of itself. */
interface AgentFacts {
  /** The Bacalhau version that this node is compatible with. */
  readonly version: BuildVersion
  /** What this node says of itself at this moment. */
  readonly node: () => NodeInfo
  /** The effective configuration as Bacalhau shows it (PascalCase, durations as text), every secret already masked. */
  readonly maskedConfig: () => object
  /** Which routes the node serves: those it describes. */
  readonly servedBy: ServedBy
}

/** The routes that every node serves. */
type AgentRoute = 'agentAlive' | 'agentVersion' | 'agentNode' | 'agentConfig' | 'agentAuthConfig' | 'apiDescription' | 'jobJsonSchema'

/** The routes about the node itself and its API, which every node serves alike. */
export function agentHandlers(facts: AgentFacts): HandlersFor<AgentRoute> {
  return {
    agentAlive: () => ({ Status: 'OK' }),
    agentVersion: () => facts.version,
    agentNode: () => facts.node(),
    agentConfig: () => ({ config: { ...withoutZeros(facts.maskedConfig()) } }),
    agentAuthConfig: () => ({ Version: '1.0.0', Config: {} }),
    apiDescription: async () => (await import('../../shared/http/openapi/describe-api')).describeApi(facts.servedBy),
    jobJsonSchema: async () => ({ ...(await import('../../shared/jobs/job-json-schema')).jobJsonSchema('editor') }),
  }
}
