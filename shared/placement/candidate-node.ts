import type { BuildVersion } from '../models/node'
import type { Resources } from '../models/resources'

/** A connected, approved compute node as rankers see it. Types are compared without case. */
export interface CandidateNode {
  readonly id: string
  readonly labels: Readonly<Record<string, string>>
  readonly engines: readonly string[]
  readonly publishers: readonly string[]
  readonly storages: readonly string[]
  /** All that the node has for jobs; empty when it has never told. */
  readonly max: Resources
  /** What is free, with the orchestrator's own reservations already taken off. */
  readonly available: Resources
  /** What jobs waiting on the node ask for. */
  readonly queued: Resources
  /** The most that one job may ask for. */
  readonly maxJobRequirements: Resources
  /** Absent when the node does not tell. */
  readonly version?: BuildVersion
}
