import { matchKeys } from '../../../shared/go-json'
import { readJsonObject } from '../../../shared/read-json'
import { updateNodeInfoRequestSchema } from '../../../shared/wire/control'
import { wildcards } from '../../../shared/wire/subjects'
import type { LinkMessage, NatsLink } from '../../transport/link'

/** Answers the registrations of the protocol before NCL, always with a refusal: a node that was let in would never speak NCL. */
export function startLegacyRefusal(link: NatsLink): { stop(): void } {
  const subscription = link.subscribe(wildcards.management, (request) => {
    const answer = refuseLegacy(request)
    if (answer !== undefined && request.reply !== undefined) link.publish(request.reply, new TextEncoder().encode(JSON.stringify(answer)))
  })
  return { stop: () => subscription.unsubscribe() }
}

/** The reason that nodes of today look for: it tells them that all is well. */
const speaksNcl = 'node supports NCLv1 protocol - legacy protocol disabled'
const speaksLegacyOnly = 'this orchestrator takes only nodes that speak NCLv1: update the node'

interface LegacyAnswer {
  readonly error?: string
  readonly value: unknown
}

/** The reply to one legacy request; methods that nobody knows get none, as from Bacalhau. */
export function refuseLegacy({ subject, data }: Pick<LinkMessage, 'subject' | 'data'>): LegacyAnswer | undefined {
  const method = subject.slice(subject.lastIndexOf('.') + 1)
  if (method === 'UpdateResources/v1') return { error: speaksLegacyOnly, value: null }
  if (method !== 'RegisterNode/v1' && method !== 'UpdateNodeInfo/v1') return undefined
  const protocols = readProtocols(data)
  if (protocols === undefined) return { error: 'invalid registration', value: null }
  return { value: { Accepted: false, Reason: protocols.includes('ncl/v1') ? speaksNcl : speaksLegacyOnly } }
}

function readProtocols(data: Uint8Array): readonly string[] | undefined {
  const info = Object.entries(readJsonObject(data) ?? {}).find(([key]) => key.toLowerCase() === 'info')?.[1]
  const read = updateNodeInfoRequestSchema.safeParse(matchKeys(updateNodeInfoRequestSchema, { NodeInfo: info }))
  return read.success ? (read.data.NodeInfo.SupportedProtocols ?? []) : undefined
}
