/** The subjects of one node (Bacalhau's NCL protocol, `pkg/transport/nclprotocol/subjects.go`). */
interface NodeSubjects {
  /** Node → orchestrator, request and reply: handshake, heartbeat, node info, shutdown notice. */
  readonly control: string
  /** Orchestrator → node, with acks: bids, cancellations. */
  readonly toCompute: string
  /** Node → orchestrator, with acks: results. */
  readonly toOrchestrator: string
  /** Node → orchestrator, request and reply: pre-signed URLs. */
  readonly requests: string
  /** What the orchestrator asks of the node: log streams. */
  readonly compute: string
  /** Legacy registration, only to be refused. */
  readonly management: string
}

const root = 'bacalhau.global.compute'

/** `nodeId` is one token of a subject: no dots, no wildcards (`isNodeId`). */
export function subjects(nodeId: string): NodeSubjects {
  return {
    control: `${root}.${nodeId}.out.ctrl`,
    toCompute: `${root}.${nodeId}.in.msgs`,
    toOrchestrator: `${root}.${nodeId}.out.msgs`,
    requests: `${root}.${nodeId}.out.requests`,
    compute: `node.compute.${nodeId}.>`,
    management: `node.management.${nodeId}.>`,
  }
}

/** What an orchestrator subscribes for all nodes. */
export const wildcards = {
  control: `${root}.*.out.ctrl`,
  requests: `${root}.*.out.requests`,
  management: 'node.management.>',
} as const

/** The node that a subject belongs to; undefined for subjects of another kind. */
export function nodeIdOf(subject: string): string | undefined {
  return /^(?:bacalhau\.global\.compute|node\.management|node\.compute)\.([^.]+)(?:\.|$)/.exec(subject)?.[1]
}

/** What a node may be called: one token of a subject that is also a key of a real orchestrator's store. */
export function isNodeId(text: string): boolean {
  return /^[-/_=a-zA-Z0-9]{1,128}$/.test(text)
}
