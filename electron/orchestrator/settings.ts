import type { Config } from '../../shared/config/schema'
import { parseDuration } from '../../shared/duration'
import type { RetentionLimits } from './archive/retention'
import type { SchedulerLimits } from './scheduling/plan'

/** What of the configuration concerns the orchestrator's decisions; durations in Go's spelling. What is left out has its default. */
export interface OrchestratorConfig {
  readonly NodeManager: { readonly DisconnectTimeout: string; readonly ManualApproval: boolean }
  readonly Scheduler?: Pick<Config['Orchestrator']['Scheduler'], 'QueueBackoff' | 'HousekeepingTimeout'>
  readonly EvaluationBroker?: Pick<Config['Orchestrator']['EvaluationBroker'], 'MaxRetryCount'>
  readonly Jobs?: Config['Orchestrator']['Jobs']
  readonly JobDefaults?: Config['JobDefaults']
}

/** The configuration as the role uses it. */
interface Settings {
  readonly disconnectTimeoutMs: number
  readonly manualApproval: boolean
  readonly scheduler: SchedulerLimits
  /** How often a look that fails is tried. */
  readonly mostTries: number
  readonly retention: RetentionLimits
  readonly jobDefaults: Config['JobDefaults'] | undefined
}

/** Reads durations and fills in defaults. Throws for a duration that is none. */
export function readSettings({ NodeManager, Scheduler, EvaluationBroker, Jobs, JobDefaults }: OrchestratorConfig): Settings {
  return {
    disconnectTimeoutMs: parseDuration(NodeManager.DisconnectTimeout),
    manualApproval: NodeManager.ManualApproval,
    scheduler: {
      perLook: 20,
      perLookDelayMs: 100,
      queueBackoffMs: parseDuration(Scheduler?.QueueBackoff ?? '1m0s'),
      timeoutGraceMs: parseDuration(Scheduler?.HousekeepingTimeout ?? '2m0s'),
    },
    mostTries: Math.max(1, EvaluationBroker?.MaxRetryCount ?? 10),
    retention: { maxAgeMs: parseDuration(Jobs?.KeepFor ?? '720h0m0s'), maxJobs: Jobs?.KeepAtMost ?? 100_000 },
    jobDefaults: JobDefaults,
  }
}
