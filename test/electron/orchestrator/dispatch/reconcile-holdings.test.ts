import { beforeEach, expect, it } from 'vitest'
import { MessageIndex } from '../../../../electron/orchestrator/dispatch/message-index'
import { reconcileHoldings } from '../../../../electron/orchestrator/dispatch/reconcile-holdings'
import type { JobCore } from '../../../../electron/orchestrator/jobs/job-core'
import { NodeTable } from '../../../../electron/orchestrator/nodes/node-table'
import { Registry } from '../../../../electron/orchestrator/nodes/registry'
import { SocketTable } from '../../../../electron/orchestrator/presence/socket-table'
import { computeStates, desiredStates } from '../../../../shared/models/execution'
import { isTerminalExecution } from '../../../../shared/models/execution-state'
import { nodeInfo } from '../../../fixtures/orchestrator/played-node'
import { clock, coreOnSlowDisk, execution, log, node, type WaitingAppend } from '../../../fixtures/orchestrator/core-on-slow-disk'

/** What waits for the disk, oldest first. */
let waiting: WaitingAppend[]
let core: JobCore
let answer: { readonly unwanted: readonly string[] | undefined } | undefined
beforeEach(() => {
  ;({ core, waiting } = coreOnSlowDisk())
  answer = undefined
  return () => core.stop()
})

/** The node says what it has; what it is told to end goes to `answer`. */
async function says(...executions: readonly string[]): Promise<void> {
  const registry = new Registry()
  registry.apply({ kind: 'node.registered', at: 1, info: nodeInfo(node), membership: 'APPROVED' })
  const own = nodeInfo('n-orchestrator', { NodeType: 'Requester' })
  const table = new NodeTable({ registry, sockets: new SocketTable(), own, startedAt: 1, disconnectTimeoutMs: () => 60_000 })
  answer = { unwanted: await reconcileHoldings({ core, messages: new MessageIndex(), table, clock, log }, { nodeId: node, position: 0, executions }) }
}
const cancel = (): Promise<void> =>
  core.change([
    {
      patch: 'execution',
      id: execution.ID,
      fields: { DesiredState: { StateType: desiredStates.Stopped }, ComputeState: { StateType: computeStates.Cancelled } },
    },
  ])
/** All that promises can do by themselves is done. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

it('tells a node to end what nobody wants, and nothing else', async () => {
  await says(execution.ID, 'e-unknown')
  expect(answer?.unwanted).toEqual(['e-unknown'])
  expect(waiting).toEqual([])
})

it('tells a node to end what is cancelled no sooner than that is stored', async () => {
  const [cancelled, said] = [cancel(), says(execution.ID)]
  await turn()
  expect(answer).toBeUndefined()
  waiting[0]?.store()
  await Promise.all([cancelled, said])
  expect(answer?.unwanted).toEqual([execution.ID])
})

it('says nothing about what a node has when a cancellation could not be stored', async () => {
  const cancelled = expect(cancel()).rejects.toMatchObject({ code: 'ServiceUnavailable' })
  const said = says(execution.ID)
  await turn()
  waiting[0]?.fail()
  await Promise.all([cancelled, said])
  expect(answer).toEqual({ unwanted: undefined })
  await says(execution.ID)
  expect(answer).toEqual({ unwanted: undefined })
})

it('gives up what a node has lost, and answers once that is stored', async () => {
  const said = says()
  await turn()
  expect(answer).toBeUndefined()
  expect(isTerminalExecution(core.state.execution(execution.ID) ?? execution)).toBe(true)
  waiting[0]?.store()
  await said
  expect(answer).toEqual({ unwanted: [] })
})
