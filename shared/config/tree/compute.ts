import { duration, flag, list, map, port, text } from '../leaf'

/** Keys under `Compute`. */
export const compute = {
  Enabled: flag(false, { effect: 'restart', documentation: 'This node offers its capacity to an orchestrator.' }),
  Orchestrators: list(['nats://127.0.0.1:4222'], {
    effect: 'reconnect',
    documentation:
      "Orchestrators to join, as many as are known: nats://, tls://, ws:// or wss://, host, port (4222 when left out). A token may stand before the host (TOKEN@host); it wins over Compute.Auth.Token. Addresses of a cluster's other orchestrators are learnt by themselves.",
  }),
  Auth: {
    Token: text('', { effect: 'reconnect', documentation: "The cluster's token: the value of Orchestrator.Auth.Token there.", secret: true }),
  },
  TLS: {
    CACert: text('', { effect: 'reconnect', documentation: "File with the certificate authority (PEM) that signed the orchestrator's certificate." }),
    RequireTLS: flag(false, { effect: 'reconnect', documentation: 'Connect over TLS or not at all; TLS starts before anything else is said.' }),
  },
  Heartbeat: {
    Interval: duration('15s', { effect: 'restart', documentation: 'Time between two heartbeats.' }),
    InfoUpdateInterval: duration('1m0s', {
      effect: 'restart',
      documentation: 'Time between two full accounts of labels, capacity and engines; a change is told at once.',
    }),
    ResourceUpdateInterval: duration('0s', {
      effect: 'restart',
      documentation: 'Outdated: free capacity travels with every heartbeat.',
      unused: true,
    }),
  },
  AllocatedCapacity: {
    CPU: text('80%', { effect: 'restart', documentation: "Share of this machine's CPU for jobs: a percentage, or an amount (500m, 2)." }),
    Memory: text('80%', { effect: 'restart', documentation: "Share of this machine's memory for jobs: a percentage, or an amount (512Mb, 1Gi)." }),
    Disk: text('80%', { effect: 'restart', documentation: "Share of the data directory's disk for jobs: a percentage, or an amount (10Gb)." }),
    GPU: text('100%', {
      effect: 'restart',
      documentation: "Share of this machine's GPUs for jobs: a percentage, never rounded down to none, or a number.",
    }),
  },
  AllowListedLocalPaths: list([], {
    effect: 'restart',
    documentation: 'Folders of this machine that jobs may use as inputs, with wildcards: path (read only), path:ro or path:rw.',
  }),
  Env: {
    AllowList: list([], {
      effect: 'restart',
      documentation: "Variables of this node's environment that jobs may ask for, with wildcards. None by default.",
    }),
  },
  Network: {
    AdvertisedAddress: text('', { effect: 'restart', documentation: "Address at which this node's jobs can be reached; told to the orchestrator." }),
    PortRangeStart: port(20_000, { effect: 'restart', documentation: 'First port that may be given to jobs.', unused: true }),
    PortRangeEnd: port(32_000, { effect: 'restart', documentation: 'Last port that may be given to jobs.', unused: true }),
  },
} as const

/** The key `Labels`. */
export const labels = map(
  {},
  {
    effect: 'restart',
    documentation: "This node's labels, by which jobs choose nodes: zone=north,tier=gold. Name, system and architecture are added by themselves.",
  },
)
