import { choice, duration, flag, integer, list, map, port, text } from '../leaf'

const now = { effect: 'restart' } as const
const later = { effect: 'restart', unused: true } as const
/** Taken over by an orchestrator that runs. */
const live = { effect: 'live' } as const
/** Read by the command that fetches results, each time anew. */
const client = { effect: 'live', unused: true } as const

/** Keys under `InputSources`. */
export const inputSources = {
  Disabled: list([], { ...now, documentation: 'Kinds of inputs that this node does not fetch.' }),
  ReadTimeout: duration('5m0s', { ...now, documentation: 'Time that fetching one input may take.' }),
  MaxRetryCount: integer(3, { ...now, range: [0, 1_000_000], documentation: 'How often fetching an input is tried.' }),
  Types: {
    IPFS: { Endpoint: text('', { ...later, documentation: 'Address of the IPFS node that inputs come from (multiaddr).' }) },
  },
} as const

/** Keys under `Publishers`. */
export const publishers = {
  Disabled: list([], { ...now, documentation: 'Kinds of publishers that this node does not offer.' }),
  Types: {
    IPFS: { Endpoint: text('', { ...later, documentation: 'Address of the IPFS node that results go to (multiaddr).' }) },
    S3: {
      PreSignedURLDisabled: flag(false, { ...later, documentation: 'Do not sign links to results in S3.' }),
      PreSignedURLExpiration: duration('0s', { ...later, documentation: 'How long a signed link to results in S3 is good.' }),
    },
    S3Managed: {
      Bucket: text('', { ...later, documentation: 'Bucket that the orchestrator keeps results in.' }),
      Key: text('', { ...later, documentation: 'Prefix of the results in that bucket.' }),
      Region: text('', { ...later, documentation: 'Region of that bucket.' }),
      Endpoint: text('', { ...later, documentation: 'Address of the S3 service, where it is not Amazon.' }),
      PreSignedURLExpiration: duration('1h0m0s', { ...later, documentation: 'How long a signed link to results in that bucket is good.' }),
    },
    Local: {
      Address: text('127.0.0.1', { ...now, documentation: 'Address at which this node hands out results that it keeps itself.' }),
      Port: port(6001, { ...now, documentation: 'Port at which this node hands out results that it keeps itself.' }),
    },
  },
} as const

/** Keys under `Engines`; all but `Native` are Bacalhau’s. */
export const engines = {
  Disabled: list([], { ...now, documentation: 'Engines that this node does not offer: docker, wasm, native.' }),
  Types: {
    Docker: {
      ManifestCache: {
        Size: integer(1000, { ...later, range: [0, Number.MAX_SAFE_INTEGER], documentation: 'Number of image descriptions that are remembered.' }),
        TTL: duration('1h0m0s', { ...later, documentation: 'How long an image description is remembered.' }),
        Refresh: duration('1h0m0s', { ...later, documentation: 'Time between two rounds of dropping old image descriptions.' }),
      },
    },
    Native: {
      Enabled: flag(false, { ...now, documentation: "Run jobs as plain programs of this machine, with this node's own rights. Shoal only." }),
    },
  },
} as const

/** Keys under `ResultDownloaders`, for commands. */
export const resultDownloaders = {
  Disabled: list([], { ...client, documentation: 'Ways of fetching results that commands do not use.' }),
  Timeout: duration('0s', { ...client, documentation: 'Time that fetching results may take; 0s for any.' }),
  Types: {
    IPFS: { Endpoint: text('', { ...client, documentation: 'Address of the IPFS node that results are fetched from (multiaddr).' }) },
  },
} as const

/** Every kind of job has defaults of its own; those that end also for publisher and time limits. */
function always(jobs: string) {
  return {
    Priority: integer(0, {
      ...live,
      range: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
      documentation: `Priority of ${jobs} that name none; higher goes first.`,
    }),
    Resources: {
      CPU: text('500m', { ...live, documentation: `CPU for ${jobs} that ask for none.` }),
      Memory: text('512Mb', { ...live, documentation: `Memory for ${jobs} that ask for none.` }),
      Disk: text('', { ...live, documentation: `Disk for ${jobs} that ask for none.` }),
      GPU: text('', { ...live, documentation: `GPUs for ${jobs} that ask for none.` }),
    },
  }
}

function endless(jobs: string) {
  const { Priority, Resources } = always(jobs)
  return { Priority, Task: { Resources } }
}

function ending(jobs: string) {
  const { Priority, Resources } = always(jobs)
  return {
    Priority,
    Task: {
      Resources,
      Publisher: {
        Type: text('', { ...live, documentation: `Publisher for the results of ${jobs} that name none.` }),
        Params: map({}, { ...live, documentation: 'Parameters of that publisher.' }),
      },
      Timeouts: {
        TotalTimeout: duration('0s', { ...live, documentation: `Time limit, queueing included, for ${jobs} that set none; 0s for no limit.` }),
        ExecutionTimeout: duration('0s', { ...live, documentation: `Time limit of one execution for ${jobs} that set none; 0s for no limit.` }),
      },
    },
  }
}

/** Keys under `JobDefaults`, by type of job; daemon and service jobs have no time to end in. */
export const jobDefaults = {
  Batch: ending('batch jobs'),
  Ops: ending('ops jobs'),
  Daemon: endless('daemon jobs'),
  Service: endless('service jobs'),
}

/** Keys under `JobAdmissionControl`: which jobs a compute node takes. */
export const jobAdmissionControl = {
  RejectStatelessJobs: flag(false, { ...now, documentation: 'Take no jobs without inputs.' }),
  RejectNetworkedJobs: flag(false, { ...now, documentation: 'Take no jobs that want the network.' }),
  ProbeHTTP: text('', { ...now, documentation: 'URL that is asked whether to take a job.' }),
  ProbeExec: text('', { ...now, documentation: 'Command that is asked whether to take a job.' }),
  Locality: choice('anywhere', ['local', 'anywhere'], {
    ...now,
    numbered: true,
    documentation: 'Take jobs whose inputs are on this machine only (local), or any (anywhere).',
  }),
} as const
