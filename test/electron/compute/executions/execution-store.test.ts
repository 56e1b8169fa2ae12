import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openExecutionStore, type ExecutionStore } from '../../../../electron/compute/executions/execution-store'
import type { StoredExecution } from '../../../../electron/compute/executions/execution-fold'
import { openLevelLedger, type LevelLedger } from '../../../../electron/ledger/level-ledger'
import { createLogger } from '../../../../electron/log/logger'
import { computeStates } from '../../../../shared/models/execution'
import { eventually } from '../../../fixtures/eventually'

const log = createLogger({ sinks: [], level: 'error', secrets: () => [] })
const execution = (id: string): StoredExecution => ({ id, jobId: 'j', jobType: 'batch', state: computeStates.New })
const answer = (sequence: number) => ({ sequence, outgoing: { type: 'BidResult' as const, payload: { ExecutionID: `e-${sequence}` } } })

let dir: string
let ledger: LevelLedger
let store: ExecutionStore
const open = async (compactAfter?: number): Promise<ExecutionStore> => {
  ledger = await openLevelLedger({ folder: join(dir, 'ledger'), log })
  store = await openExecutionStore({ ledger, log, ...(compactAfter === undefined ? {} : { compactAfter }) })
  return store
}
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shoal-store-'))
})
afterEach(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

describe('what a node keeps of executions', () => {
  it('is there again after it was opened anew, with what is still to be told', async () => {
    await open()
    await store.commit({ put: execution('e-1') })
    await store.commit(
      { patch: 'e-1', fields: { state: computeStates.AskForBidAccepted, usage: { CPU: 1 } } },
      { send: answer(store.nextSequence()) },
    )
    await store.commit({ send: answer(store.nextSequence()) })
    store.hold({ acked: 1 }, { position: 77 })
    await store.close()
    await open()
    expect(store.executions.get('e-1')).toEqual({ ...execution('e-1'), state: computeStates.AskForBidAccepted, usage: { CPU: 1 } })
    expect(store.outgoing).toEqual([answer(2)])
    expect(store.position).toBe(77)
    expect(store.nextSequence()).toBe(3)
  })

  it('writes what is held by itself, a little later', async () => {
    await open()
    store.hold({ put: execution('e-1') })
    await eventually('it is stored', () => ledger.lastSequence === 1)
  })

  it('needs one sync for what belongs together', async () => {
    await open()
    store.hold({ put: execution('e-1') })
    await store.commit({ patch: 'e-1', fields: { state: computeStates.AskForBidRejected } })
    expect(ledger.lastSequence).toBe(1)
  })

  it('forgets what an ended execution was asked to do, but not that it is known', async () => {
    await open()
    await store.commit({ put: { ...execution('e-1'), usage: { CPU: 1 } } }, { patch: 'e-1', fields: { state: computeStates.Completed, endedAt: 5 } })
    expect(store.executions.get('e-1')).toEqual({ ...execution('e-1'), state: computeStates.Completed, endedAt: 5 })
  })

  it('stays small: what is not needed any more is dropped from the disk', async () => {
    await open(50)
    for (let number = 0; number < 300; number += 1) {
      await store.commit({ put: execution('e-1') }, { send: answer(store.nextSequence()) })
      store.hold({ acked: number + 1 })
    }
    await eventually('the beginning is gone', async () => {
      let records = 0
      await ledger.replay(() => (records += 1))
      return records < 120
    })
    await store.close()
    await open()
    expect([...store.executions.keys()]).toEqual(['e-1'])
    expect(store.outgoing).toEqual([])
    expect(store.nextSequence()).toBe(301)
  })
})
