import { describe, expect, it } from 'vitest'
import { nothing } from '../../../../electron/orchestrator/jobs/node-capacity'
import { nodeWork, type WorkOfNode } from '../../../../electron/orchestrator/jobs/node-work'
import { desiredStates } from '../../../../shared/models/execution'
import { jobOf, Story, nodeOf } from '../scheduling/scheduling-cases'

const max = { CPU: 2, Memory: 8e9, Disk: 0, GPU: 0 }

/** Executions of jobs that ask for so many cores each, as a scheduler makes them. */
function executionsOf(...cores: readonly (readonly [CPU: number, accepted?: boolean])[]): Pick<WorkOfNode, 'executions' | 'jobOf'> {
  const made = cores.map(([CPU, accepted = true], index) => {
    const [task] = jobOf('batch').Tasks
    if (task === undefined) throw new Error('no task')
    const job = jobOf('batch', { ID: `j-${index}`, Tasks: [{ ...task, Resources: { CPU: String(CPU), Memory: '1gb' } }] })
    const story = new Story(job, [nodeOf('a', { CPU: 100 })])
    story.look('job-register')
    const [execution] = story.executions
    if (execution === undefined) throw new Error('not placed')
    const DesiredState = { StateType: accepted ? desiredStates.Running : desiredStates.Pending }
    return { job, execution: { ...execution, ID: `e-${index}`, DesiredState } }
  })
  return {
    executions: made.map(({ execution }) => execution),
    jobOf: ({ ID }) => made.find(({ execution }) => execution.ID === ID)?.job,
  }
}

describe('nodeWork', () => {
  it('has nothing to tell of an idle node but that it is idle', () => {
    expect(nodeWork({ executions: [], jobOf: () => undefined, max, foreign: nothing })).toEqual({ running: 0, queued: 0, asked: 0, inUse: {} })
  })

  it('tells what waits in the queue as a node decides it: in turn, and past what does not fit', () => {
    const work = nodeWork({ ...executionsOf([1], [1.5], [1], [0.5]), max, foreign: nothing })
    expect(work).toEqual({
      running: 4,
      queued: 2,
      asked: 0,
      inUse: { CPU: 4, Memory: 4e9 },
      waiting: { CPU: 2, Memory: 2e9 },
    })
  })

  it('keeps what the node has not answered yet apart', () => {
    const work = nodeWork({ ...executionsOf([1], [1, false]), max, foreign: nothing })
    expect(work).toMatchObject({ running: 1, queued: 0, asked: 1, inUse: { CPU: 2 }, waiting: { CPU: 1, Memory: 1e9 } })
  })

  it('tells what the node does beside, and guesses no queue of a node that tells no capacity', () => {
    expect(nodeWork({ ...executionsOf([1]), max, foreign: { ...nothing, CPU: 0.5 } })).toMatchObject({ queued: 0, beside: { CPU: 0.5 } })
    expect(nodeWork({ ...executionsOf([50], [50]), max: undefined, foreign: nothing })).toMatchObject({ running: 2, queued: 0 })
  })
})
