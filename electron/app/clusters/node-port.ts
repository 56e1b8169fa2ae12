import { z } from 'zod'
import { parseAddresses } from '../../../shared/address'
import type { ClusterConnection } from './cluster-connection'
import type { NodePort } from './suggest-joining'

const bacalhauConfig = z.looseObject({
  Orchestrator: z.looseObject({
    Host: z.string().default(''),
    Port: z.number().int(),
    Advertise: z.string().optional(),
    Auth: z.looseObject({ Token: z.string().default('') }).optional(),
  }),
})

/** What an orchestrator's API tells of its node port: Shoal's in its feed, Bacalhau's in its configuration. Undefined where it tells nothing. */
export async function askNodePort({ client, mirror }: Pick<ClusterConnection, 'client' | 'mirror'>): Promise<NodePort | undefined> {
  const facts = mirror.snapshot()?.orchestrator
  if (facts !== undefined) {
    const [own] = parseAddresses([facts.nats.address])
    if (own === undefined) return undefined
    return { host: own.host, port: own.port, advertised: facts.nats.advertised, tokenNeeded: facts.nats.tokenRequired }
  }
  const told = bacalhauConfig.safeParse((await client.call('agentConfig', { timeoutMs: 3_000 })).config)
  if (!told.success) return undefined
  const { Host, Port, Advertise, Auth } = told.data.Orchestrator
  return { host: Host, port: Port, advertised: Advertise, tokenNeeded: Auth !== undefined && Auth.Token !== '' }
}
