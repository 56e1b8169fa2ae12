import type { BuildVersion } from '../models/node'
import type { Resources } from '../models/resources'

/** A compute node that work may be given to, as placement sees it. Names of engines, publishers and storages are compared without case. */
export interface CandidateNode {
  readonly id: string
  readonly labels: Readonly<Record<string, string>>
  readonly engines: readonly string[]
  readonly publishers: readonly string[]
  readonly storages: readonly string[]
  /** All that the node has; nothing in it when it is not known. */
  readonly max: Resources
  readonly available: Resources
  /** What waits on the node for its turn. */
  readonly queued: Resources
  /** The most that one job may ask of it. */
  readonly maxJobRequirements: Resources
  readonly version?: BuildVersion
}
