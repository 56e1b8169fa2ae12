import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ExecutionStore, openExecutionStore } from '../../../../electron/compute/executions/execution-store'
import type { OrchestratorSide } from '../../../../electron/compute/connection/join-orchestrator'
import { openLevelLedger } from '../../../../electron/ledger/level-ledger'
import { createLogger } from '../../../../electron/log/logger'
import { dial } from '../../../../electron/transport/dial'
import { parseAddresses } from '../../../../shared/address'
import { joinBareNode } from '../../../fixtures/bare-node'
import { eventually } from '../../../fixtures/eventually'
import { type NatsServer, startNatsServer } from '../../../fixtures/nats-server'
import { type PlayedOrchestrator, playOrchestrator } from '../../../fixtures/played-orchestrator'

const log = createLogger({ sinks: [], level: 'debug', secrets: () => [] })
const left = { sequence: 1, outgoing: { type: 'BidResult' as const, payload: { ExecutionID: 'e-left', Accepted: false } } }

let dir: string
let server: NatsServer
let o: PlayedOrchestrator
let side: OrchestratorSide
/** As long as the node still reads what an earlier run has left. */
let read: () => void
let store: ExecutionStore | undefined

const open = async (): Promise<ExecutionStore> => openExecutionStore({ ledger: await openLevelLedger({ folder: join(dir, 'ledger'), log }), log })

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'shoal-join-'))
  const earlier = await open()
  await earlier.commit({ send: left })
  await earlier.close()
  store = undefined
  server = await startNatsServer({})
  o = await playOrchestrator(server.url)
  side = joinBareNode({
    nodeId: 'n-1',
    dial: () => dial({ addresses: parseAddresses([server.url]), name: 'n-1' }),
    orchestrator: server.url,
    capacity: { CPU: 1, Memory: 1e9, Disk: 1e9 },
    left: () => Promise.resolve(true),
    openStore: async () => (store = await open()),
    runsFolder: join(dir, 'runs'),
    startHeldUp: new Promise<void>((resolve) => (read = resolve)),
    clock: { now: Date.now, monotonicMs: () => performance.now() },
    random: Math.random,
    log,
  })
})
afterEach(async () => {
  read()
  await side.stop()
  await o.stop()
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

it('forgets what is acknowledged while it still reads what an earlier run has left', async () => {
  side.connection.start()
  await eventually('it tells what is left', () => o.all('BidResult').length === 1)
  await eventually('that is acknowledged', () => side.untold === 0)
  expect(side.executions.current).toBeUndefined()
  expect(store?.outgoing).toEqual([left])
  read()
  await eventually('all is read', () => side.executions.current !== undefined)
  await eventually('it keeps nothing more to tell', () => store?.outgoing.length === 0)
  expect(o.all('BidResult').map(({ ExecutionID }) => ExecutionID)).toEqual(['e-left'])
})
