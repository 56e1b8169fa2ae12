import { duration, flag, integer, list, port, text } from '../leaf'

const oneOrchestrator =
  'Several orchestrators as one cluster are not built yet. Remove Orchestrator.Cluster.*; one orchestrator serves any number of nodes.'
const cluster = { effect: 'restart', refused: oneOrchestrator } as const
/** Bacalhau's jobs go round by themselves in ways that this orchestrator has no need of. */
const needless = { effect: 'restart', unused: true } as const

/** Keys under `Orchestrator`. */
export const orchestrator = {
  Enabled: flag(false, { effect: 'restart', documentation: 'This node is an orchestrator: it runs the NATS server that compute nodes join.' }),
  Host: text('127.0.0.1', {
    effect: 'restart',
    documentation:
      'Address that the NATS server listens on. Left alone it is 0.0.0.0 when Orchestrator.Auth.Token is set and 127.0.0.1 when it is not. An address beyond this machine needs a token.',
  }),
  Port: port(4222, { effect: 'restart', documentation: 'Port of the NATS server, the only one compute nodes need. 0 takes any free one.' }),
  Advertise: text('', {
    effect: 'restart',
    documentation: 'Address (host:port) that nodes are told, where it differs from the one listened on: behind NAT or a load balancer.',
  }),
  Auth: {
    Token: text('', {
      effect: 'reconnect',
      documentation: 'Token that compute nodes must show. Whoever has it can join the cluster. Make one with `shoal token generate`.',
      secret: true,
    }),
  },
  TLS: {
    ServerCert: text('', { effect: 'restart', documentation: "File with the NATS server's certificate (PEM). Needs Orchestrator.TLS.ServerKey." }),
    ServerKey: text('', { effect: 'restart', documentation: 'File with the private key to Orchestrator.TLS.ServerCert (PEM).' }),
    ServerTimeout: integer(0, { effect: 'restart', range: [0, 3600], documentation: 'Seconds a TLS handshake may take; 0 stands for 10.' }),
    CACert: text('', {
      effect: 'restart',
      documentation: "File with the certificate authority (PEM) that the orchestrator's own connection trusts.",
    }),
  },
  WebSocket: {
    Enabled: flag(false, {
      effect: 'restart',
      documentation:
        'Also take in nodes over WebSocket, for networks that let only HTTP through. They dial ws://host:port, or wss:// when Orchestrator.TLS is set. Shoal only.',
    }),
    Host: text('', {
      effect: 'restart',
      documentation: 'Address of the WebSocket listener; empty stands for that of Orchestrator.Host. Shoal only.',
    }),
    Port: port(4280, { effect: 'restart', documentation: 'Port of the WebSocket listener; 0 takes any free one. Shoal only.' }),
    Advertise: text('', {
      effect: 'restart',
      documentation: 'Address (host:port) that WebSocket nodes are told, where it differs from the one listened on. Shoal only.',
    }),
  },
  SupportReverseProxy: flag(false, {
    effect: 'restart',
    documentation:
      'A proxy terminates TLS before the NATS server: nodes that insist on TLS are taken in although the server itself speaks plain TCP.',
  }),
  Cluster: {
    Name: text('', { ...cluster, documentation: 'Name of a cluster of several orchestrators.' }),
    Host: text('', { ...cluster, documentation: 'Address that other orchestrators connect to.' }),
    Port: port(0, { ...cluster, documentation: 'Port that other orchestrators connect to.' }),
    Advertise: text('', { ...cluster, documentation: 'Address that other orchestrators are told.' }),
    Peers: list([], { ...cluster, documentation: 'Addresses of the other orchestrators.' }),
  },
  NodeManager: {
    DisconnectTimeout: duration('1m0s', {
      effect: 'live',
      documentation:
        'A node without a heartbeat for this long counts as disconnected. A connection that breaks is noticed at once, without waiting for it.',
    }),
    ManualApproval: flag(false, { effect: 'live', documentation: 'New nodes wait until somebody approves them (`shoal node approve`).' }),
  },
  Jobs: {
    KeepFor: duration('720h0m0s', { effect: 'live', documentation: 'How long a job is kept after it has ended. Shoal only.' }),
    KeepAtMost: integer(100_000, {
      effect: 'live',
      range: [0, 10_000_000],
      documentation: 'How many ended jobs are kept; beyond that the oldest are dropped. Shoal only.',
    }),
  },
  Scheduler: {
    WorkerCount: integer(1, {
      ...needless,
      range: [1, 1024],
      documentation: "Bacalhau's number of workers. Decisions take well under a millisecond here and are made one after the other.",
    }),
    QueueBackoff: duration('1m0s', {
      effect: 'live',
      documentation: 'The longest time until a job that waits for a node is tried again; it is tried at once when a node joins or has room.',
    }),
    HousekeepingInterval: duration('30s', {
      ...needless,
      documentation: 'Time between two rounds of looking for what is overdue in Bacalhau. Here everything is looked at when its time has come.',
    }),
    HousekeepingTimeout: duration('2m0s', {
      effect: 'live',
      documentation: 'How long after its time limit an execution may still be ended by its node, before the orchestrator takes it for failed.',
    }),
  },
  EvaluationBroker: {
    VisibilityTimeout: duration('1m0s', {
      ...needless,
      documentation:
        'When an evaluation that was taken and not finished is given out again in Bacalhau. Here an evaluation is stored until what came of it is stored in its place.',
    }),
    MaxRetryCount: integer(10, {
      effect: 'live',
      range: [0, 1_000_000],
      documentation:
        'How often an evaluation that fails is tried, with growing pauses, before it is given up with an entry in the history of the job; at least once.',
    }),
  },
} as const
