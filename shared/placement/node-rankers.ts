import type { BuildVersion } from '../models/node'
import { computeStates } from '../models/execution'
import { isDiscardedExecution } from '../models/execution-state'
import { diedWithNode } from './lost-execution'
import { preferred } from './ranker'
import type { Ranker } from './ranker'

const oldest = { Major: '1', Minor: '0', GitVersion: 'v1.0.4' } as const

/** The node's Bacalhau is new enough. Parts are compared as texts, as Bacalhau compares them. */
export const versionRanker: Ranker = {
  name: 'version',
  prepare: () => {
    return ({ version }) => {
      const { Major = '', Minor = '', GitVersion = '' } = version ?? {}
      if (Major === '' && Minor === '' && GitVersion === '') return { score: 0 }
      return isCompatible({ Major, Minor, GitVersion }) ? { score: preferred } : { unsuitable: 'Bacalhau version is incompatible' }
    }
  },
}

function isCompatible({ Major = '', Minor = '', GitVersion = '' }: BuildVersion): boolean {
  if (Major === '0' && Minor === '0') return true
  if (Major !== oldest.Major) return Major > oldest.Major
  if (Minor !== oldest.Minor) return Minor > oldest.Minor
  return GitVersion >= oldest.GitVersion
}

/**
 * The node has not had this version of the job, or failed at it only once. What a service or daemon lost because its node went away is not
 * held against the node: a laptop that sleeps twice is not a node that cannot run the job.
 */
export const previousExecutionsRanker: Ranker = {
  name: 'previous-executions',
  prepare: ({ job, executions }) => {
    const sharesNodes = job.Type === 'batch'
    const forgiving = job.Type === 'service' || job.Type === 'daemon'
    const attempts = new Map<string, { count: number; excluded: boolean }>()
    for (const execution of executions) {
      if (execution.JobVersion !== job.Version || (forgiving && diedWithNode(execution))) continue
      const node = attempts.get(execution.NodeID) ?? { count: 0, excluded: false }
      const isRefusal = execution.ComputeState.StateType === computeStates.AskForBidRejected
      if (sharesNodes) {
        // Partitions may share a node, so only what went wrong on it counts.
        node.count += isDiscardedExecution(execution) ? 1 : 0
        node.excluded ||= isRefusal
      } else {
        node.count += 1
        node.excluded ||= !isDiscardedExecution(execution) || isRefusal
      }
      attempts.set(execution.NodeID, node)
    }
    return ({ id }) => {
      const node = attempts.get(id)
      if (node === undefined) return { score: 3 * preferred }
      if (node.count > 1) return { unsuitable: 'job already executed on this node more than once' }
      return node.excluded ? { unsuitable: 'job rejected' } : { score: 0 }
    }
  },
}

/** Spreads jobs over nodes that are otherwise alike. */
export const randomRanker: Ranker = {
  name: 'random',
  prepare:
    ({ random }) =>
    () => ({ score: Math.floor(random() * 5) }),
}
