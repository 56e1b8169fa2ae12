import { beforeEach, expect, it } from 'vitest'
import { takeResult } from '../../../../electron/orchestrator/dispatch/take-result'
import type { JobCore } from '../../../../electron/orchestrator/jobs/job-core'
import { computeStates } from '../../../../shared/models/execution'
import { clock, coreOnSlowDisk, execution, job, log, type WaitingAppend } from '../../../fixtures/orchestrator/core-on-slow-disk'

/** What waits for the disk, oldest first. */
let waiting: WaitingAppend[]
let core: JobCore
let answers: string[]
beforeEach(() => {
  ;({ core, waiting } = coreOnSlowDisk())
  answers = []
  return () => core.stop()
})

/** The node tells that the execution is done; what becomes of that goes to `answers`. */
function tells(name: string, node = 'n-1', id = execution.ID): Promise<void> {
  const message = {
    type: 'RunResult',
    payload: { Events: null, ExecutionID: id, JobID: job.ID, JobType: 'batch', PublishResult: null, RunCommandResult: null },
    metadata: {},
    sequence: 7,
  }
  return takeResult({ core, clock, log })(node, message).then(
    () => void answers.push(`${name} is acknowledged`),
    () => void answers.push(`${name} is refused`),
  )
}
/** All that promises can do by themselves is done. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

it('acknowledges a result that comes again no sooner than the one before it is stored', async () => {
  const told = [tells('the first'), tells('the second'), tells('one of an unknown execution', 'n-1', 'e-9'), tells('another node’s', 'n-2')]
  await turn()
  expect(core.state.execution(execution.ID)?.ComputeState.StateType).toBe(computeStates.Completed)
  expect([waiting.length, ...answers]).toEqual([1])
  waiting[0]?.store()
  await Promise.all(told)
  expect(answers.sort()).toEqual([
    'another node’s is acknowledged',
    'one of an unknown execution is acknowledged',
    'the first is acknowledged',
    'the second is acknowledged',
  ])
  await tells('one that comes later')
  expect([waiting.length, answers.at(-1)]).toEqual([1, 'one that comes later is acknowledged'])
})

it('refuses a result that comes again when the one before it could not be stored', async () => {
  const told = [tells('the first'), tells('the second')]
  await turn()
  waiting[0]?.fail()
  await Promise.all(told)
  expect(answers.sort()).toEqual(['the first is refused', 'the second is refused'])
  await tells('one while nothing can be stored')
  expect(answers.at(-1)).toBe('one while nothing can be stored is refused')
})
