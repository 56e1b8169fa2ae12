import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openJetStreamLedger } from '../../../electron/ledger/jetstream-ledger'
import type { TrimmableLedger } from '../../../electron/ledger/ledger'
import { readLedgerMark } from '../../../electron/ledger/ledger-mark'
import { silentLog } from '../../../electron/transport/log'
import { startNatsServer, type NatsServer } from '../../fixtures/nats-server'
import { replayed } from './ledger-conformance'

/** Real damage to a real store, while nats-server is down. */

let server: NatsServer
beforeEach(async () => {
  server = await startNatsServer({
    config: (directory) => `
      jetstream { store_dir: ${JSON.stringify(join(directory, 'store'))}, sync_interval: always }
      accounts { STATE: { jetstream: enabled, users: [ { user: state, password: state } ] } }`,
  })
})
afterEach(() => server.stop())

const markFile = (): string => join(server.directory, 'mark.json')
const open = (): Promise<TrimmableLedger> =>
  openJetStreamLedger({
    server: { host: '127.0.0.1', port: server.port, user: 'state', password: 'state' },
    stream: 'S',
    log: silentLog,
    markFile: markFile(),
  })
const streamFolder = (): string => join(server.directory, 'store', 'jetstream', 'STATE', 'streams', 'S')
const blocks = (): string[] =>
  readdirSync(join(streamFolder(), 'msgs'))
    .filter((name) => name.endsWith('.blk'))
    .sort((a, b) => Number.parseInt(a) - Number.parseInt(b))
    .map((name) => join(streamFolder(), 'msgs', name))
const overwrite = (file: string, at: number, length = 64): void => {
  const data = readFileSync(file)
  data.fill(0x5a, at, at + length)
  writeFileSync(file, data)
}

/** Enough for several blocks of the store. */
async function fill(): Promise<unknown[]> {
  const ledger = await open()
  for (let index = 0; index < 200; index += 1) await ledger.append({ index, filling: 'f'.repeat(100_000) })
  const stored = await replayed(ledger)
  await ledger.close()
  return stored
}

it('writes down where the ledger ends, soon after it has grown and when it is closed', async () => {
  const ledger = await open()
  expect(readLedgerMark(markFile())).toBeUndefined()
  await ledger.append('one')
  await expect.poll(() => readLedgerMark(markFile())?.sequence, { timeout: 10_000, interval: 20 }).toBe(1)
  await Promise.all([ledger.append('two'), ledger.append('three')])
  const { position } = ledger
  await ledger.close()
  expect(readLedgerMark(markFile())).toEqual(position)
  const again = await open()
  expect((await replayed(again)).map(({ record }) => record)).toEqual(['one', 'two', 'three'])
  await again.close()
})

it('refuses to begin anew where the stream is gone, says what to do, and does so once the mark is moved away', async () => {
  const ledger = await open()
  await ledger.append('one')
  await ledger.close()
  await server.kill()
  rmSync(streamFolder(), { recursive: true })
  server = await server.restart()
  await expect(open()).rejects.toMatchObject({
    code: 'ledger.lost',
    message: expect.stringContaining('the stream S is gone') as string,
    hint: expect.stringContaining(markFile()) as string,
  })
  const connection = await connect({ servers: server.url, user: 'state', pass: 'state' })
  const streams = await (await jetstreamManager(connection)).streams.names().next()
  await connection.close()
  expect(streams).toEqual([]) // nothing was made in its place
  rmSync(markFile())
  const anew = await open()
  expect(await anew.append('one')).toBe(1)
  await anew.close()
})

it('refuses a mark that is damaged', async () => {
  writeFileSync(markFile(), '{"sequ')
  await expect(open()).rejects.toMatchObject({ code: 'ledger.broken', hint: expect.stringContaining('move this one file away') as string })
})

const damages: readonly (readonly [string, () => void])[] = [
  ['the last block is cut in its middle', () => cut(-1, 0.5)],
  ['the last block has lost its end', () => cut(-1, 0.999)],
  ['a block in the middle is cut', () => cut(1, 0.5)],
  ['the last block is gone', () => rmSync(blocks().at(-1) ?? '')],
  ['a block in the middle is gone', () => rmSync(blocks()[1] ?? '')],
  ['the first block is gone', () => rmSync(blocks()[0] ?? '')],
  ['bytes of a message in the middle are others', () => overwriteIn(1, 0.4)],
  ['bytes of a message in the first block are others', () => overwriteIn(0, 0.4)],
  ['bytes of a message in the last block are others', () => overwriteIn(-1, 0.4)],
]
function cut(block: number, part: number): void {
  const file = blocks().at(block) ?? ''
  truncateSync(file, Math.floor(statSync(file).size * part))
}
function overwriteIn(block: number, part: number): void {
  const file = blocks().at(block) ?? ''
  overwrite(file, Math.floor(statSync(file).size * part))
}

it('damage to a store is never taken for a whole one: everything is there, or the start says what is missing and writes nothing', async () => {
  const stored = await fill()
  expect(blocks().length).toBeGreaterThan(2)
  await server.kill()
  const store = join(server.directory, 'store')
  const whole = join(server.directory, 'whole')
  copyFolder(store, whole)
  const mark = readFileSync(markFile(), 'utf8')
  for (const withIndex of [true, false]) {
    for (const [what, damage] of damages) {
      rmSync(store, { recursive: true })
      copyFolder(whole, store)
      damage()
      const index = join(streamFolder(), 'msgs', 'index.db')
      if (!withIndex && existsSync(index)) rmSync(index)
      server = await server.restart()
      const outcome = await open()
        .then(async (ledger) => {
          try {
            return await replayed(ledger)
          } finally {
            await ledger.close()
          }
        })
        .catch((error: unknown) => error)
      const name = `${what}, ${withIndex ? 'with' : 'without'} index`
      if (Array.isArray(outcome)) expect.soft(outcome, name).toEqual(stored)
      else
        expect
          .soft(outcome, name)
          .toMatchObject({ code: expect.stringMatching(/^ledger\.(lost|broken)$/) as string, hint: expect.any(String) as string })
      expect(readFileSync(markFile(), 'utf8'), name).toBe(mark)
      await server.kill()
    }
  }
}, 60_000)

function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) copyFolder(join(from, entry.name), join(to, entry.name))
    else copyFileSync(join(from, entry.name), join(to, entry.name))
  }
}
