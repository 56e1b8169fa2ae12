import { computeStates, desiredStates } from '../../../shared/models/execution'
import { readPayload } from '../../../shared/wire/messages'
import { readWork } from './work'

const SPEC = { Type: 'rehearsal', Params: {} }

/** Has every part that a request may have. */
const REQUEST = {
  Events: [],
  Execution: {
    ID: 'rehearsal',
    Job: {
      Type: 'batch',
      Constraints: [{ Key: '', Operator: '', Values: [] }],
      Meta: {},
      Labels: {},
      Tasks: [
        {
          Name: 'rehearsal',
          Engine: SPEC,
          Publisher: SPEC,
          Env: {},
          Meta: {},
          InputSources: [{ Source: SPEC }],
          ResultPaths: [{ Name: '', Path: '' }],
          Resources: {},
          Network: {},
          Timeouts: {},
        },
      ],
      State: { StateType: 'Pending' },
    },
    AllocatedResources: { Tasks: { rehearsal: {} } },
    DesiredState: { StateType: desiredStates.Pending },
    ComputeState: { StateType: computeStates.New },
    PublishedResult: SPEC,
    RunOutput: {},
  },
}

/** Reads a request and does nothing with it. What reads them is made with its first use (zod compiles its checks then): a job that waits need not wait for that. */
export function rehearse(): ReturnType<typeof readWork> {
  return readWork(readPayload('AskForBid', REQUEST).Execution)
}
