import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ExecutionStore, openExecutionStore } from '../../../../electron/compute/executions/execution-store'
import { wireExecutions } from '../../../../electron/compute/executions/wire-executions'
import { createExecutionsLoader } from '../../../../electron/compute/executions-loader'
import { joinOrchestrator, type OrchestratorSide } from '../../../../electron/compute/connection/join-orchestrator'
import { computeNodeInfo } from '../../../../electron/compute/node-info'
import { runFolders } from '../../../../electron/compute/runs/run-folders'
import { openLevelLedger } from '../../../../electron/ledger/level-ledger'
import { createLogger } from '../../../../electron/log/logger'
import { dial } from '../../../../electron/transport/dial'
import { parseAddresses } from '../../../../shared/address'
import { defaultConfig } from '../../../../shared/config/schema'
import { eventually } from '../../../fixtures/eventually'
import { type NatsServer, startNatsServer } from '../../../fixtures/nats-server'
import { type PlayedOrchestrator, playOrchestrator } from '../../../fixtures/played-orchestrator'

const log = createLogger({ sinks: [], level: 'debug', secrets: () => [] })
const capacity = { CPU: 1, Memory: 1e9, Disk: 1e9 }
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
  const whole = new Promise<void>((resolve) => (read = resolve))
  side = joinOrchestrator({
    nodeId: 'n-1',
    startedAt: Date.now(),
    dial: () => dial({ addresses: parseAddresses([server.url]), name: 'n-1' }),
    configured: () => [server.url],
    info: () =>
      computeNodeInfo({
        nodeId: 'n-1',
        labels: {},
        capacity,
        offers: { engines: ['wasm'], publishers: [], storages: [] },
        load: undefined,
        address: '',
        platform: 'linux',
        arch: 'x64',
      }),
    capacity: () => capacity,
    executions: ({ tell, onLoad, onLoaded }) =>
      createExecutionsLoader({
        left: () => Promise.resolve(true),
        start: async () => {
          const opened = await open()
          store = opened
          const executions = wireExecutions({
            store: opened,
            config: defaultConfig,
            folders: (id) => runFolders(join(dir, 'runs'), id),
            executors: [],
            storages: [],
            publishers: [],
            hostEnv: {},
            disk: { clearRun: () => Promise.resolve() },
            path: undefined,
            warmUp: () => undefined,
            max: () => capacity,
            tell,
            onLoad,
            now: Date.now,
            log,
          })
          await executions.recover()
          await whole
          const { stop } = executions
          return Object.assign(executions, {
            findLog: () => undefined,
            stop: async () => {
              stop()
              await opened.close()
            },
          })
        },
        onLoaded,
        log,
      }),
    serve: () => ({ stop: () => undefined }),
    onConnected: () => undefined,
    heartbeatIntervalMs: 15_000,
    infoIntervalMs: 60_000,
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
