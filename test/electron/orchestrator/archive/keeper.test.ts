import { readdirSync, readFileSync, renameSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RetentionLimits } from '../../../../electron/orchestrator/archive/retention'
import { created, nanoseconds, rerun } from '../../../../electron/orchestrator/jobs/job-changes'
import { listJobs } from '../../../../electron/orchestrator/queries/list-jobs'
import { startNatsServer } from '../../../fixtures/nats-server'
import { keptJob, openKeptJobs } from '../../../fixtures/orchestrator/kept-jobs'
import type { KeptJobs } from '../../../fixtures/orchestrator/kept-jobs'
import type { NatsServer } from '../../../fixtures/nats-server'

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

/** One life of everything that is stored; the keeper works when it is told to. */
const live = (): Promise<KeptJobs> =>
  openKeptJobs({ port: server.port, directory: join(server.directory, 'kept'), now: () => now, retention: () => kept })
const jobOf = keptJob

async function run({ core }: KeptJobs, n: number): Promise<void> {
  const job = jobOf(n)
  now += 1000
  await core.transact(job.ID, 'job-register', () => ({ changes: created(job, now), value: undefined }))
  const fields = { State: { StateType: 'Completed' }, Revision: 2, ModifyTime: nanoseconds(now) } as const
  await core.transact(job.ID, 'exec-update', () => ({ changes: [{ patch: 'job', id: job.ID, version: 1, fields }], value: undefined }))
}

const all = ({ core }: KeptJobs, query: { readonly labels?: string } = {}) =>
  listJobs(core.state, { limit: 0, orderBy: '', reverse: false, nextToken: '', ...query }).items

it('ended jobs go to the archive, the ledger is dropped behind them, and a restart finds everything', async () => {
  const first = await live()
  for (let n = 0; n < 20; n += 1) await run(first, n)
  const open = jobOf(99)
  now += 1
  await first.core.transact(open.ID, 'job-register', () => ({ changes: created(open, now), value: undefined }))
  const before = all(first)
  await first.keeper.round()
  expect(first.stored.archive.rows.size).toBe(20)
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

it('room is given back: of the ledger once its records are put down elsewhere, of the archive once its jobs are deleted', async () => {
  const life = await live()
  const before = bytesBelow(server.directory)
  for (let n = 0; n < 200; n += 1) {
    const job = { ...jobOf(n), Meta: { filling: 'f'.repeat(50_000) }, State: { StateType: 'Completed' } as const }
    now += 1000
    await life.core.change([{ put: 'job', job: { ...job, CreateTime: nanoseconds(now), ModifyTime: nanoseconds(now) } }])
  }
  expect(bytesBelow(server.directory) - before).toBeGreaterThan(10_000_000)
  await life.keeper.round()
  expect(life.stored.archive.rows.size).toBe(200)
  // 10 MB of jobs are in the archive now, and only there, but for a part of a block that nats-server keeps.
  expect(bytesBelow(server.directory) - before).toBeLessThan(13_000_000)
  kept = { ...kept, maxJobs: 20 }
  await life.keeper.round()
  await life.keeper.round()
  expect(bytesBelow(server.directory) - before).toBeLessThan(4_000_000)
  expect(all(life)).toHaveLength(20)
  await life.end()
  const again = await live()
  expect(all(again).map(({ ID, Meta }) => [ID, Meta['filling']?.length])).toEqual(Array.from({ length: 20 }, (_, n) => [jobOf(n + 180).ID, 50_000]))
  await again.end()
})

function bytesBelow(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .reduce((sum, one) => sum + statSync(join(one.parentPath, one.name)).size, 0)
}

it('an archive that is shorter than its checkpoint says is told, not taken for an empty one', async () => {
  const life = await live()
  for (let n = 0; n < 6; n += 1) await run(life, n)
  await life.keeper.round()
  await life.end()
  truncateSync(join(server.directory, 'kept', 'archive', 'index.jsonl'), 10)
  await expect(live()).rejects.toMatchObject({ code: 'archive.broken' })
})

it('a checkpoint that is gone is told, and the archive stays as it was found', async () => {
  const life = await live()
  for (let n = 0; n < 6; n += 1) await run(life, n)
  await life.keeper.round()
  await life.keeper.round()
  await life.end()
  const kept = join(server.directory, 'kept')
  const files = () => readdirSync(join(kept, 'archive')).map((name) => [name, readFileSync(join(kept, 'archive', name), 'utf8')])
  const before = files()
  expect(before.map(([name]) => name)).toEqual(['bodies-000000.jsonl', 'index.jsonl'])
  renameSync(join(kept, 'checkpoint.json'), join(kept, 'aside.json'))
  await expect(live()).rejects.toMatchObject({ code: 'ledger.broken', message: expect.stringContaining('record 1 is missing') as string })
  expect(files()).toEqual(before)
  renameSync(join(kept, 'aside.json'), join(kept, 'checkpoint.json'))
  const again = await live()
  expect(all(again)).toHaveLength(6)
  await again.end()
})

it('a ledger that ends before the checkpoint is told, not taken for an empty one', async () => {
  const life = await live()
  for (let n = 0; n < 6; n += 1) await run(life, n)
  await life.keeper.round()
  await life.end()
  const connection = await connect({ servers: server.url, user: 'state', pass: 'state' })
  await (await jetstreamManager(connection)).streams.delete('S')
  await connection.close()
  await expect(live()).rejects.toMatchObject({
    code: 'ledger.lost',
    message: expect.stringContaining('ends at record 0, 12 had been stored') as string,
  })
})
