import type { AttachReport } from '../../../shared/cluster'
import { AppError } from '../../../shared/errors'
import { parseApiUrl } from '../../client/api-url'
import { createClient } from '../../client/http-client'

/** How long each question may take; a person waits. */
const LIMIT_MS = 5_000

/**
 * Looks at an address before it is attached: what answers there, how many nodes it knows, whether it tells changes by itself.
 * Changes nothing there. Throws `client.*` with what was seen, the likely cause and the next step.
 */
export async function testAttach(typed: string): Promise<AttachReport> {
  const apiUrl = parseApiUrl(typed)
  const began = performance.now()
  const client = createClient({ baseUrl: apiUrl, timeoutMs: LIMIT_MS })
  try {
    const version = await client.call('agentVersion')
    const node = await client.call('agentNode')
    const shoal = await askShoal(client)
    const nodes = shoal?.nodes ?? (await countNodes(client))
    return {
      apiUrl,
      product: shoal === undefined ? 'Bacalhau' : 'Shoal',
      version: shoal?.version ?? version.GitVersion ?? 'unknown',
      nodeId: node.NodeID,
      nodes,
      ms: Math.round(performance.now() - began),
      feed: shoal === undefined ? 'poll' : 'events',
    }
  } finally {
    client.close()
  }
}

type ApiClient = ReturnType<typeof createClient>

/** Undefined when the API does not know the question: then it is Bacalhau's. */
async function askShoal(client: ApiClient): Promise<{ readonly version: string; readonly nodes: number } | undefined> {
  try {
    const { orchestrator, nodes } = await client.call('shoalNodes')
    return { version: orchestrator.version, nodes: nodes.length }
  } catch (error) {
    if (error instanceof AppError && error.details?.['status'] === '404') return undefined
    throw error
  }
}

async function countNodes(client: ApiClient): Promise<number> {
  try {
    return ((await client.call('listNodes')).Nodes ?? []).length
  } catch (error) {
    if (!(error instanceof AppError) || error.details?.['status'] !== '404') throw error
    throw new AppError('attach.no-orchestrator', `${client.baseUrl} belongs to a compute node: it knows no list of nodes.`, {
      hint: 'Give the address of its orchestrator.',
    })
  }
}
