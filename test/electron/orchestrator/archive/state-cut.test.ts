import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bodyOf, type JobBody } from '../../../../electron/orchestrator/archive/archived-record'
import { readCheckpoint, writeCheckpoint } from '../../../../electron/orchestrator/archive/checkpoint'
import { cutState } from '../../../../electron/orchestrator/archive/state-cut'
import { MessageIndex } from '../../../../electron/orchestrator/dispatch/message-index'
import { created, rerun, stopped } from '../../../../electron/orchestrator/jobs/job-changes'
import { JobState } from '../../../../electron/orchestrator/jobs/job-state'
import type { JobRecord } from '../../../../electron/orchestrator/jobs/job-state'
import { computeStates, desiredStates } from '../../../../shared/models/execution'
import { keptJob } from '../../../fixtures/orchestrator/kept-jobs'
import { storedExecution } from '../../../fixtures/orchestrator/stored-execution'

/** Open jobs, each with one execution that its node was asked for. */
function stateOf(count: number): { readonly state: JobState; readonly index: MessageIndex } {
  const state = new JobState()
  const index = new MessageIndex()
  for (let n = 0; n < count; n += 1) begin(state, index, n)
  return { state, index }
}

function begin(state: JobState, index: MessageIndex, n: number): void {
  const job = keptJob(n)
  const executionId = `e-${String(n)}`
  state.apply([...created(job, n + 1), { put: 'execution', execution: storedExecution(executionId, job, 'n-1') }])
  index.note({ nodeId: 'n-1', executionId, type: 'AskForBid', sequence: n + 1 })
}

function recordOf(state: JobState, id: string): JobRecord {
  const record = state.job(id)
  if (record === undefined) throw new Error(`no job ${id}`)
  return record
}

const textOf = (bodies: Iterable<JobBody>): string[] => [...bodies].map((body) => JSON.stringify(body))

it('is the state of its moment, whatever happens to jobs before, at and after their turn', () => {
  const { state, index } = stateOf(8)
  const expected = [...state.jobs.values()].map((record) => JSON.stringify(bodyOf(record)))
  const cut = cutState(state, index)
  const bodies: JobBody[] = []
  const happen: (() => void)[] = [
    // Of one that has had its turn, of the next one, and of the last one twice.
    () => state.apply(stopped(recordOf(state, 'j-0000'), '', 5)),
    () => {
      const fields = { DesiredState: { StateType: desiredStates.Running }, ComputeState: { StateType: computeStates.BidAccepted } }
      state.apply([{ patch: 'execution', id: 'e-2', fields }])
      index.note({ nodeId: 'n-1', executionId: 'e-2', type: 'BidAccepted', sequence: 100 })
    },
    () => state.apply(stopped(recordOf(state, 'j-0007'), '', 6)),
    () => state.apply(rerun(recordOf(state, 'j-0007'), 0, 7).changes),
    () => {
      state.apply(stopped(recordOf(state, 'j-0006'), '', 8))
      state.apply([{ drop: 'job', id: 'j-0006' }])
    },
    () => begin(state, index, 20),
    () => state.apply(stopped(recordOf(state, 'j-0020'), '', 9)),
  ]
  for (const body of cut.jobs) {
    bodies.push(body)
    happen.shift()?.()
  }
  cut.end()
  expect(happen).toEqual([])
  expect(textOf(bodies)).toEqual(expected)
  expect([...cut.messages]).toEqual(Array.from({ length: 8 }, (_, n) => [`e-${String(n)}`, { ask: n + 1 }]))
  expect(cut.size).toBe(8)
  // The next one is of what is then.
  expect(textOf(cutState(state, index).jobs)).toEqual([...state.open, ...state.ended].map((id) => JSON.stringify(bodyOf(recordOf(state, id)))))
})

it('ten thousand open jobs are put down in slices: others get their turn after a few hundred of them', async () => {
  const many = 10_000
  const { state, index } = stateOf(many)
  const directory = mkdtempSync(join(tmpdir(), 'shoal-cut-'))
  let [inTurn, most, turns] = [0, 0, 0]
  let isOver = false
  const turn = (): void => {
    if (inTurn > 0) turns += 1
    inTurn = 0
    // Somebody changes jobs all the while.
    state.apply(stopped(recordOf(state, `j-${String(many - 1 - turns).padStart(4, '0')}`), '', 5))
    if (!isOver) setImmediate(turn)
  }
  const look = index.get.bind(index)
  index.get = (id) => {
    most = Math.max(most, (inTurn += 1))
    return look(id)
  }
  try {
    const cut = cutState(state, index)
    expect(inTurn).toBe(0)
    setImmediate(turn)
    const rest = { position: { streamSequence: 1, sequence: 1 }, nodes: [], archive: { index: 0, segments: {} }, evaluations: [], deadLetters: [] }
    await writeCheckpoint(directory, { ...rest, jobs: cut.jobs, messages: cut.messages })
    isOver = true
    cut.end()
    expect(most).toBeLessThan(500)
    expect(turns).toBeGreaterThan(many / 500)
    const written = readCheckpoint(directory)
    expect(written?.jobs).toHaveLength(many)
    expect(written?.jobs.every(({ versions }) => versions[0]?.State.StateType === 'Pending')).toBe(true)
    expect(written?.messages).toHaveLength(many)
  } finally {
    isOver = true
    rmSync(directory, { recursive: true, force: true })
  }
})
