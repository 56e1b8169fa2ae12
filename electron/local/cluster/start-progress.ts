import type { ClusterPhase } from '../../../shared/cluster'
import { AppError, messageOf, toFailure } from '../../../shared/errors'
import type { HostReport } from '../../../shared/host-report'
import type { Clock } from '../../process/clock'
import type { NodeRole } from '../hosts/compute-hosts'
import { isStepOf, stepsToCome, withFailure, withJoin, withReport } from './start-steps'

/** Phases of a cluster's life, with the steps of a start. */
export interface Progress {
  readonly phase: ClusterPhase
  starting(withComputeNode: boolean): void
  /** Takes a host's report into the steps, while a start is on the way. */
  hear(role: NodeRole, report: HostReport): void
  logLine(line: string | undefined): void
  /** A compute node has joined. */
  joined(): void
  /** A compute node's part of the start did not work out; the cluster runs all the same. */
  joinFailed(message: string): void
  running(): void
  stopping(): void
  stopped(): void
  failed(error: unknown): void
}

/** Stopped at first; `onChange` is called after every change. */
export function createProgress(clock: Clock, onChange: () => void): Progress {
  let phase: ClusterPhase = { kind: 'stopped' }
  const enter = (next: ClusterPhase): void => {
    phase = next
    onChange()
  }
  const stepsNow = () => (phase.kind === 'starting' || phase.kind === 'failed' ? phase.steps : [])
  return {
    get phase() {
      return phase
    },
    starting: (withComputeNode) => enter({ kind: 'starting', since: clock.now(), steps: stepsToCome(withComputeNode) }),
    hear: (role, report) => {
      if (phase.kind !== 'starting' || report.kind !== 'step' || !isStepOf(role, report.step)) return
      enter({ ...phase, steps: withReport(phase.steps, report, clock.now()) })
    },
    logLine: (line) => {
      if (phase.kind === 'starting' && line !== undefined && line !== phase.lastLogLine) enter({ ...phase, lastLogLine: line })
    },
    joined: () => {
      if (phase.kind === 'starting') enter({ ...phase, steps: withJoin(phase.steps, clock.now()) })
    },
    joinFailed: (message) => {
      if (phase.kind === 'starting') enter({ ...phase, steps: withFailure(phase.steps, message, clock.now()) })
    },
    running: () => enter({ kind: 'running', since: clock.now() }),
    stopping: () => enter({ kind: 'stopping', since: clock.now() }),
    stopped: () => enter({ kind: 'stopped' }),
    failed: (error) => {
      const failure = toFailure(error instanceof AppError ? error : new AppError('cluster.failed', messageOf(error)))
      enter({ kind: 'failed', at: clock.now(), failure, steps: withFailure(stepsNow(), failure.message, clock.now()) })
    },
  }
}
