import { hostname } from 'node:os'
import path from 'node:path'
import { createFactStore } from '../../local/files/fact-store'
import type { HostLauncher } from '../../local/hosts/host-launcher'
import { createJoinedNodes, type JoinedNodesOptions } from '../../local/nodes/joined-nodes'
import { safeName } from '../../local/nodes/node-names'
import type { Logger } from '../../log/logger'
import { writeAttachedFacts, type AttachedFacts } from './attached-facts'
import type { ClusterConnection } from './cluster-connection'
import type { AttachedMember } from './cluster-member'

/** What an attached cluster is taken up with. */
interface AttachedMemberOptions extends Pick<JoinedNodesOptions, 'env' | 'otherCapacities'> {
  /** Absolute; `factsFile` lies in it. */
  readonly folder: string
  readonly factsFile: string
  readonly launcher: HostLauncher
  readonly log: Logger
  readonly connect: () => ClusterConnection
  /** What it shows of its nodes has changed. */
  readonly onChange: () => void
}

/** An attached cluster that is remembered: its connection is opened, and those of its nodes that are wanted are started. */
export async function openAttached(known: AttachedFacts, options: AttachedMemberOptions): Promise<AttachedMember> {
  const { folder, log, onChange } = options
  const facts = createFactStore(known, (changed) => writeAttachedFacts(path.join(folder, options.factsFile), changed))
  const nodes = await createJoinedNodes({
    folder,
    clusterName: () => facts.current.name,
    roster: {
      get nodes() {
        return facts.current.nodes
      },
      update: (changed) => facts.update({ nodes: [...changed] }),
    },
    prefix: safeName(hostname()) || 'node',
    // Another machine's node of the same name would be taken for this one.
    takenNames: () => connection.mirror.rows().map(({ state }) => state.Info.NodeID),
    launcher: options.launcher,
    env: options.env,
    log,
    otherCapacities: options.otherCapacities,
  })
  const connection = options.connect()
  nodes.on(onChange)
  nodes.start().catch((error: unknown) => log.error('The nodes of this machine for an attached cluster could not be started.', { error }))
  return { kind: 'attached', id: known.id, folder, facts, nodes, connection, since: Date.now() }
}
