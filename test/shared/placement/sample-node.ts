import type { CandidateNode } from '../../../shared/placement/candidate-node'
import type { PastExecution, PlacedJob } from '../../../shared/placement/ranker'
import type { ComputeStateType } from '../../../shared/models/execution'
import { computeStates, desiredStates } from '../../../shared/models/execution'
import { isDiscardedExecution } from '../../../shared/models/execution-state'
import type { Task } from '../../../shared/models/job'

const all = { CPU: 4, Memory: 8e9, Disk: 100e9 }

/** A free node that can do everything a sample job asks for. */
export function sampleNode(id: string, fields: Partial<CandidateNode> = {}): CandidateNode {
  return {
    id,
    labels: {},
    engines: ['docker', 'wasm'],
    publishers: ['local'],
    storages: ['inline', 'urldownload'],
    max: all,
    available: all,
    queued: {},
    maxJobRequirements: all,
    version: { Major: '1', Minor: '8', GitVersion: 'v1.8.0' },
    ...fields,
  }
}

export function sampleJob(fields: Partial<PlacedJob> = {}, task: Partial<Task> = {}): PlacedJob {
  const whole: Task = {
    Name: 'main',
    Engine: { Type: 'wasm' },
    Publisher: { Type: '' },
    Resources: { CPU: '500m', Memory: '512mb' },
    Network: { Type: 'Default' },
    Timeouts: {},
    ...task,
  }
  return { Type: 'batch', Version: 1, Constraints: [], Tasks: [whole], ...fields }
}

/** An execution that has come to a state on a node. */
export function past(
  NodeID: string,
  StateType: ComputeStateType,
  fields: { readonly JobVersion?: number; readonly Message?: string } = {},
): PastExecution {
  const { JobVersion = 1, Message } = fields
  const ComputeState = { StateType, ...(Message === undefined ? {} : { Message }) }
  const running = { DesiredState: { StateType: desiredStates.Running }, ComputeState }
  const hasEnded = StateType === computeStates.Completed || isDiscardedExecution(running)
  return { NodeID, JobVersion, ComputeState, DesiredState: { StateType: hasEnded ? desiredStates.Stopped : desiredStates.Running } }
}
