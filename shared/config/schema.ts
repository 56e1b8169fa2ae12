import { choice, duration, flag, isLeaf, text } from './leaf'
import type { Branch, ConfigOf } from './leaf'
import { api } from './tree/api'
import { compute, labels } from './tree/compute'
import { engines, inputSources, jobAdmissionControl, jobDefaults, publishers, resultDownloaders } from './tree/jobs'
import { orchestrator } from './tree/orchestrator'

/**
 * Every key there is, in Bacalhau's order: type, default, bounds, documentation and effect. The names are Bacalhau's, so that
 * its files work unchanged; keys of ours say so. `zod-schema.ts` makes the zod schema from it, `keys.ts` the flat table.
 */
export const configTree = {
  API: api,
  NameProvider: choice('puuid', ['puuid', 'uuid', 'hostname', 'aws', 'gcp'], {
    effect: 'reset',
    documentation:
      'Where the name of a new node comes from: puuid (n- and a random id), uuid, hostname, or the instance id of aws or gcp. A node keeps the name it has once been given.',
  }),
  DataDir: text('~/.shoal', {
    effect: 'reset',
    documentation: "Folder of this node's state and of its config.yaml. Each node needs one of its own. Absolute, or beginning with ~.",
  }),
  StrictVersionMatch: flag(false, { effect: 'restart', documentation: 'Outdated: nothing has ever acted on it.', unused: true }),
  Orchestrator: orchestrator,
  Compute: compute,
  Labels: labels,
  WebUI: {
    Enabled: flag(false, { effect: 'restart', documentation: "Bacalhau's web pages. Shoal has a window of its own instead.", unused: true }),
    Listen: text('0.0.0.0:8438', { effect: 'restart', documentation: "Address of Bacalhau's web pages.", unused: true }),
    Backend: text('', { effect: 'restart', documentation: "HTTP API behind Bacalhau's web pages.", unused: true }),
  },
  InputSources: inputSources,
  Publishers: publishers,
  Engines: engines,
  ResultDownloaders: resultDownloaders,
  JobDefaults: jobDefaults,
  JobAdmissionControl: jobAdmissionControl,
  Logging: {
    Level: choice('info', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'panic'], {
      effect: 'live',
      documentation: 'The least important lines that are still logged.',
    }),
    Mode: choice('default', ['default', 'json', 'cmd'], {
      effect: 'restart',
      documentation: 'Form of the log: lines for people (default) or JSON for programs (json).',
    }),
    LogDebugInfoInterval: duration('30s', { effect: 'restart', documentation: "Time between two log lines on the node's own load.", unused: true }),
  },
  UpdateConfig: {
    Interval: duration('24h0m0s', {
      effect: 'live',
      documentation: 'Time between two looks for a newer version; 0s for never. Shoal looks for none by itself.',
      unused: true,
    }),
  },
  DisableAnalytics: flag(false, { effect: 'live', documentation: 'Send no usage data. Shoal never sends any.' }),
} as const satisfies Branch

/** The effective configuration: every key filled, durations in Go's spelling, lists and maps as such. */
export type Config = ConfigOf<typeof configTree>

function defaults(branch: Branch): Record<string, unknown> {
  return Object.fromEntries(Object.entries(branch).map(([name, node]) => [name, isLeaf(node) ? node.default : defaults(node)]))
}

/** The configuration when nothing is set. Shared: make a copy to change it. */
export const defaultConfig = defaults(configTree) as Config
