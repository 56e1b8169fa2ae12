import { normalizeJob } from '../../../shared/jobs/normalize-job'
import { readJob } from '../../../shared/jobs/read-job'
import { desiredStates } from '../../../shared/models/execution'
import type { ComputeStateType } from '../../../shared/models/execution'
import type { Job } from '../../../shared/models/job'
import type { CandidateNode } from '../../../shared/placement/candidate-node'
import type { PastExecution } from '../../../shared/placement/ranker'

const plenty = { CPU: 4, Memory: 8e9, Disk: 100e9 }

/** An idle node that runs WebAssembly. */
export function node(id: string, fields: Partial<CandidateNode> = {}): CandidateNode {
  return {
    id,
    labels: {},
    engines: ['wasm'],
    publishers: ['local'],
    storages: ['inline', 'local'],
    max: plenty,
    available: plenty,
    queued: {},
    maxJobRequirements: plenty,
    ...fields,
  }
}

/** A job of one version that asks for half a core, with whatever is to be different. */
export function job(fields: Readonly<Record<string, unknown>> = {}, task: Readonly<Record<string, unknown>> = {}): Job {
  const spec = {
    Type: 'batch',
    Tasks: [{ Name: 'main', Engine: { Type: 'wasm' }, Resources: { CPU: '500m', Memory: '512Mb' }, ...task }],
    ...fields,
  }
  return { ...normalizeJob(readJob(spec)).job, Version: 1 }
}

export function past(NodeID: string, state: ComputeStateType, { JobVersion = 1, Message = '' } = {}): PastExecution {
  return { NodeID, JobVersion, DesiredState: { StateType: desiredStates.Running }, ComputeState: { StateType: state, Message } }
}
