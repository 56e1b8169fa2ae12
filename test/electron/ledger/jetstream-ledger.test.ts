import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { openJetStreamLedger } from '../../../electron/ledger/jetstream-ledger'
import type { Ledger, LedgerEnd, TrimmableLedger } from '../../../electron/ledger/ledger'
import { silentLog } from '../../../electron/transport/log'
import { startNatsServer, type NatsServer } from '../../fixtures/nats-server'
import { describeLedger, replayed } from './ledger-conformance'

/** Machines that run tests may be busy. */
const patiently = { timeout: 10_000, interval: 5 }

const password = 'state-password'
const config =
  (limits = '') =>
  (directory: string): string => {
    mkdirSync(join(directory, 'store'))
    return `
      jetstream { store_dir: ${JSON.stringify(join(directory, 'store'))}, sync_interval: always ${limits} }
      accounts { STATE: { jetstream: enabled, users: [ { user: state, password: ${JSON.stringify(password)} } ] } }`
  }
const open = (server: NatsServer): Promise<TrimmableLedger> =>
  openJetStreamLedger({ server: { host: '127.0.0.1', port: server.port, user: 'state', password }, stream: 'STATE', log: silentLog })
const asState = (server: NatsServer): Promise<NatsConnection> => connect({ servers: `127.0.0.1:${server.port}`, user: 'state', pass: password })

describeLedger('JetStream ledger', async () => {
  const server = await startNatsServer({ config: config() })
  return { open: () => open(server), remove: () => server.stop() }
})

describe('JetStream ledger', () => {
  let server: NatsServer
  const ledgers: Ledger[] = []
  const openKept = async (): Promise<TrimmableLedger> => {
    const ledger = await open(server)
    ledgers.push(ledger)
    return ledger
  }
  beforeEach(async () => {
    server = await startNatsServer({ config: config() })
  })
  afterEach(async () => {
    for (const ledger of ledgers.splice(0)) await ledger.close()
    await server.stop()
  })

  it('loses no acknowledged record and invents none when nats-server is killed again and again', async () => {
    const ledger = await openKept()
    const acknowledged = new Map<number, number>()
    let appended = 0
    let going = true
    const writer = async (): Promise<void> => {
      while (going) {
        const value = appended++
        acknowledged.set(value, await ledger.append({ value }))
      }
    }
    const writers = Array.from({ length: 8 }, writer)
    for (let round = 0; round < 3; round++) {
      const enough = acknowledged.size + 60
      await expect.poll(() => acknowledged.size, { interval: 5, timeout: 20_000 }).toBeGreaterThan(enough)
      await server.kill()
      server = await server.restart()
    }
    const enough = acknowledged.size + 60
    await expect.poll(() => acknowledged.size, { interval: 5, timeout: 20_000 }).toBeGreaterThan(enough)
    going = false
    await Promise.all(writers)

    const stored = await replayed(ledger)
    const again = await replayed(await openKept())
    expect(again).toEqual(stored)
    expect(stored.map(({ sequence }) => sequence)).toEqual(stored.map((_, index) => index + 1))
    const values = new Map(stored.map(({ record, sequence }) => [(record as { value: number }).value, sequence]))
    expect(values.size).toBe(stored.length) // nothing twice
    expect(values).toEqual(acknowledged) // all appends have been answered by now: exactly those are stored, where they were said to be
  })

  it('waits while nats-server is away and stores what was given meanwhile', async () => {
    const ledger = await openKept()
    await ledger.append('before')
    await server.kill()
    const meanwhile = Promise.all([ledger.append('one'), ledger.append('two')])
    server = await server.restart()
    expect(await meanwhile).toEqual([2, 3])
    expect((await replayed(ledger)).map(({ record }) => record)).toEqual(['before', 'one', 'two'])
  })

  it('refuses to wait for ever, and takes records again once the server is back', async () => {
    const ledger = await openJetStreamLedger({
      server: { host: '127.0.0.1', port: server.port, user: 'state', password },
      stream: 'STATE',
      log: silentLog,
      unavailableAfterMs: 50,
    })
    ledgers.push(ledger)
    await ledger.append('first')
    await server.kill()
    // This one is on its way before the loss is noticed, or it is not: then it is refused like the next one.
    const inDoubt = ledger.append('in doubt').then(
      () => ['in doubt'],
      () => [],
    )
    await new Promise((resolve) => setImmediate(resolve))
    await expect(ledger.append('waits')).rejects.toMatchObject({ code: 'ledger.unavailable' })
    await expect(ledger.append('late')).rejects.toMatchObject({ code: 'ledger.unavailable' })
    server = await server.restart()
    await expect.poll(() => ledger.append('back').catch(() => 0), patiently).toBeGreaterThan(1)
    expect((await replayed(ledger)).map(({ record }) => record)).toEqual(['first', ...(await inDoubt), 'back'])
  })

  it('says so when there is no room, and goes on when there is', async () => {
    await server.stop()
    server = await startNatsServer({ config: config(', max_file_store: 2MB') })
    const ledger = await openKept()
    const records = Array.from({ length: 30 }, (_, index) => ({ index, filling: 'z'.repeat(100_000) }))
    // The last one would find room, but rests on those before it.
    const outcomes = await Promise.allSettled([...records, { index: 30, filling: '' }].map((record) => ledger.append(record)))
    expect(outcomes.at(-1)?.status).toBe('rejected')
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'ledger.full', hint: expect.stringContaining('disk space') as string })
    const stored = await replayed(ledger)
    expect(stored.map(({ sequence }) => sequence)).toEqual(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])))
  })

  it.skipIf(process.platform !== 'linux')('says so when the disk is full, and goes on after a restart of nats-server', async () => {
    await server.stop()
    server = await startNatsServer({ config: config(', max_file_store: 1GB'), fileSizeLimit: 1_000_000 })
    let stalls = 0
    const ledger = await openJetStreamLedger({
      server: { host: '127.0.0.1', port: server.port, user: 'state', password },
      stream: 'STATE',
      log: silentLog,
      answerMs: 300,
      onStalled: () => stalls++,
    })
    ledgers.push(ledger)
    const stored: unknown[] = []
    const fill = async (): Promise<unknown> => {
      for (let index = 0; ; index++) {
        try {
          await ledger.append({ index, filling: 'z'.repeat(100_000) })
          stored.push(index)
        } catch (error) {
          return error
        }
      }
    }
    expect(await fill()).toMatchObject({ code: 'ledger.full', message: expect.stringContaining('has stopped storing') as string })
    expect(stored.length).toBeGreaterThan(5)
    const refused = await Promise.allSettled([1, 2, 3].map((value) => ledger.append({ value })))
    for (const outcome of refused) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ledger.full' } })
    expect(stalls).toBe(1)

    await server.kill()
    server = await server.restart()
    expect(await ledger.append({ index: 'after' })).toBe(stored.length + 1)
    expect((await replayed(ledger)).map(({ record }) => (record as { index: unknown }).index)).toEqual([...stored, 'after'])
  })

  it('rejects with what is wrong when it cannot be opened', async () => {
    await expect(
      openJetStreamLedger({ server: { host: '127.0.0.1', port: server.port, user: 'state', password: 'wrong' }, stream: 'STATE', log: silentLog }),
    ).rejects.toMatchObject({ code: 'nats.refused' })
    await server.kill()
    await expect(open(server)).rejects.toMatchObject({ code: 'nats.unreachable' })
  })

  it('tells of acknowledged records that are missing', async () => {
    const ledger = await openKept()
    await ledger.append('one')
    const connection = await asState(server)
    await (await jetstreamManager(connection)).streams.delete('STATE')
    await connection.close()
    await expect(ledger.append('two')).rejects.toMatchObject({ code: 'ledger.lost' })
  })

  it.each([
    ['{"v":2,"writer":"w","first":1,"records":[1]}', 'ledger.newer-version'],
    ['not JSON', 'ledger.broken'],
    ['{"v":1,"records":[]}', 'ledger.broken'],
  ])('refuses a stream that ends with %s', async (text, code) => {
    await (await openKept()).append('one')
    const connection = await asState(server)
    await jetstream(connection).publish('ledger.STATE', text)
    await connection.close()
    await expect(open(server)).rejects.toMatchObject({ code })
  })

  it('refuses a stream with a gap', async () => {
    const ledger = await openKept()
    await ledger.append('one')
    const connection = await asState(server)
    await jetstream(connection).publish('ledger.STATE', '{"v":1,"writer":"w","first":3,"records":["three"]}')
    await connection.close()
    await expect(replayed(await openKept())).rejects.toMatchObject({
      code: 'ledger.broken',
      message: expect.stringContaining('record 2 is missing') as string,
    })
  })

  it('drops its beginning, goes on with the same numbers, and misses what was dropped where that matters', async () => {
    const first = await openKept()
    const behind = async (ledger: TrimmableLedger, position?: LedgerEnd) => {
      const found: unknown[] = []
      await ledger.replay((record, sequence) => found.push([record, sequence]), position)
      return found
    }
    await Promise.all(['one', 'two', 'three'].map((record) => first.append(record)))
    await first.append('four')
    const { position } = first
    expect(position.sequence).toBe(4)
    await first.append('five')
    await first.trim(position)
    expect(await behind(first, position)).toEqual([['five', 5]])
    await first.close()

    const again = await openKept()
    expect(again.lastSequence).toBe(5)
    expect(await again.append('six')).toBe(6)
    const at = again.position
    await again.trim(at)
    expect(await behind(again, at)).toEqual([])
    await again.close()
    const last = await openKept()
    expect(await behind(last, at)).toEqual([])
    expect(await last.append('seven')).toBe(7)
    await expect(behind(last)).rejects.toMatchObject({ code: 'ledger.broken', message: expect.stringContaining('record 1 is missing') as string })
    await expect(behind(last, { streamSequence: at.streamSequence + 2, sequence: 8 })).rejects.toMatchObject({ code: 'ledger.lost' })
  })
})
