import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openJetStreamLedger } from '../../../../electron/ledger/jetstream-ledger'
import type { TrimmableLedger } from '../../../../electron/ledger/ledger'
import { createLogger } from '../../../../electron/log/logger'
import { Keeper } from '../../../../electron/orchestrator/archive/keeper'
import type { RetentionLimits } from '../../../../electron/orchestrator/archive/retention'
import { JobCore } from '../../../../electron/orchestrator/jobs/job-core'
import { created, nanoseconds, rerun } from '../../../../electron/orchestrator/jobs/job-changes'
import { listJobs } from '../../../../electron/orchestrator/jobs/list-jobs'
import { readStoredState } from '../../../../electron/orchestrator/stored-records'
import type { StoredState } from '../../../../electron/orchestrator/stored-records'
import type { Job } from '../../../../shared/models/job'
import { startNatsServer } from '../../../fixtures/nats-server'
import type { NatsServer } from '../../../fixtures/nats-server'

const log = createLogger({ sinks: [], level: 'debug', secrets: () => [] })
const start = Date.UTC(2026, 0, 1)
let server: NatsServer
let now = start
let kept: RetentionLimits
beforeEach(async () => {
  server = await startNatsServer({
    config: (directory) => `jetstream { store_dir: ${JSON.stringify(directory)}, sync_interval: always }
    accounts { STATE: { jetstream: enabled, users: [ { user: state, password: state } ] } }`,
  })
  now = start
  kept = { maxAgeMs: 30 * 24 * 3600_000, maxJobs: 100_000 }
})
afterEach(() => server.stop())

interface Life {
  readonly ledger: TrimmableLedger
  readonly core: JobCore
  readonly stored: StoredState
  readonly keeper: Keeper
  end(): Promise<void>
}

/** One life of everything that is stored; the keeper works when it is told to. */
async function live(): Promise<Life> {
  const ledger = await openJetStreamLedger({ server: { host: '127.0.0.1', port: server.port, user: 'state', password: 'state' }, stream: 'S', log })
  const directory = join(server.directory, 'kept')
  const stored = await readStoredState(ledger, directory)
  const core = new JobCore(stored.jobs.state, {
    append: (record) => ledger.append(record),
    reload: async () => (await readStoredState(ledger, directory)).jobs.state,
    clock: { now: () => now, monotonic: () => now },
    look: () => ({ changes: [], evaluate: [], waiting: false }),
    onApplied: () => undefined,
    onDurable: () => undefined,
    log,
  })
  const keeper = new Keeper(
    {
      directory,
      archive: () => stored.archive,
      ledger,
      core,
      state: () => core.fold,
      messages: () => stored.jobs.messages,
      registry: stored.registry,
      isSettled: () => true,
      retention: () => kept,
      now: () => now,
      log,
      everyMs: 3_600_000,
      keptWhole: 2,
      checkpointEvery: 1,
    },
    stored.checkpoint,
  )
  const end = async () => {
    await keeper.stop()
    core.stop()
    stored.archive.close()
    await ledger.close()
  }
  return { ledger, core, stored, keeper, end }
}

const jobOf = (n: number): Job => ({
  ID: `j-${String(n).padStart(4, '0')}`,
  Name: `job ${String(n)}`,
  Namespace: 'default',
  Type: 'batch',
  Priority: 0,
  Count: 1,
  Constraints: [],
  Meta: {},
  Labels: n % 2 === 0 ? { even: 'yes' } : {},
  Tasks: [{ Name: 'main', Engine: { Type: 'wasm' }, Publisher: { Type: '' }, Resources: {}, Network: {}, Timeouts: {} }],
  State: { StateType: 'Pending' },
  Version: 1,
  Revision: 1,
  CreateTime: 0,
  ModifyTime: 0,
})

async function run({ core }: Life, n: number): Promise<void> {
  const job = jobOf(n)
  now += 1000
  await core.transact(job.ID, 'job-register', () => ({ changes: created(job, now), value: undefined }))
  const fields = { State: { StateType: 'Completed' }, Revision: 2, ModifyTime: nanoseconds(now) } as const
  await core.transact(job.ID, 'exec-update', () => ({ changes: [{ patch: 'job', id: job.ID, version: 1, fields }], value: undefined }))
}

const all = ({ core }: Life, query: { readonly labels?: string } = {}) =>
  listJobs(core.state, { limit: 0, orderBy: '', reverse: false, nextToken: '', ...query }).items

it('ended jobs go to the archive, the ledger is dropped behind them, and a restart finds everything', async () => {
  const first = await live()
  for (let n = 0; n < 20; n += 1) await run(first, n)
  const open = jobOf(99)
  now += 1
  await first.core.transact(open.ID, 'job-register', () => ({ changes: created(open, now), value: undefined }))
  const before = all(first)
  await first.keeper.round()
  expect(first.stored.archive.rows.size).toBe(18)
  expect(all(first)).toEqual(before)
  await run(first, 20)
  const whole = all(first)
  const history = first.core.state.job('j-0003')?.history
  await first.end()

  const second = await live()
  let replayed = 0
  await second.ledger.replay(() => (replayed += 1), { streamSequence: second.ledger.position.streamSequence - 1, sequence: 41 })
  expect(replayed).toBe(2)
  expect(all(second)).toEqual(whole)
  expect(second.core.state.job('j-0003')?.history).toEqual(history)
  expect(all(second, { labels: 'even=yes' }).map(({ ID }) => ID)).toEqual(whole.filter(({ Labels }) => 'even' in Labels).map(({ ID }) => ID))
  expect([...second.core.state.open]).toEqual([open.ID])
  await second.end()
})

it('an archived job can be run again and deleted; both survive restarts', async () => {
  const first = await live()
  for (let n = 0; n < 6; n += 1) await run(first, n)
  await first.keeper.round()
  const record = first.core.state.job('j-0001')
  if (record === undefined) throw new Error('the job is gone')
  await first.core.transact(record.id, 'job-rerun', () => ({ changes: rerun(record, 0, now).changes, value: undefined }))
  await first.core.change([{ drop: 'job', id: 'j-0002' }])
  const whole = all(first)
  expect(whole.map(({ ID, Version }) => [ID, Version])).toEqual([
    ['j-0000', 1],
    ['j-0001', 2],
    ['j-0003', 1],
    ['j-0004', 1],
    ['j-0005', 1],
  ])
  await first.end()
  const second = await live()
  expect(all(second)).toEqual(whole)
  await second.keeper.round()
  expect(second.stored.archive.rows.has('j-0001')).toBe(false)
  await second.end()
  const third = await live()
  expect(all(third)).toEqual(whole)
  expect(third.core.state.job('j-0001')?.history.map(({ SeqNum, JobVersion }) => [SeqNum, JobVersion])).toEqual([
    [1, 1],
    [2, 2],
  ])
  await third.end()
})

it('jobs are dropped when they are too old or too many, the oldest first', async () => {
  const life = await live()
  for (let n = 0; n < 8; n += 1) await run(life, n)
  await life.keeper.round()
  kept = { ...kept, maxJobs: 5 }
  await life.keeper.round()
  expect(all(life).map(({ ID }) => ID)).toEqual(['j-0003', 'j-0004', 'j-0005', 'j-0006', 'j-0007'])
  now += kept.maxAgeMs - 1500
  await life.keeper.round()
  expect(all(life).map(({ ID }) => ID)).toEqual(['j-0006', 'j-0007'])
  await life.end()
})

it('an archive that is shorter than its checkpoint says is told, not taken for an empty one', async () => {
  const life = await live()
  for (let n = 0; n < 6; n += 1) await run(life, n)
  await life.keeper.round()
  await life.end()
  truncateSync(join(server.directory, 'kept', 'archive', 'index.jsonl'), 10)
  await expect(live()).rejects.toMatchObject({ code: 'archive.broken' })
})
