import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWasmExecutor, type WasmExecutor } from '../../../../../electron/compute/executors/wasm/wasm-executor'
import { createLogger } from '../../../../../electron/log/logger'
import { bundleWasm, type WasmCompanion } from '../../../../fixtures/wasm-companion'
import { Collected, runWasm, wasmContext, wasmTask } from '../../../../fixtures/wasm-task'
import { eventually } from '../../../../fixtures/eventually'

let companion: WasmCompanion
let executor: WasmExecutor
let folder: string
const log = createLogger({ sinks: [], level: 'error', secrets: () => [] })

beforeAll(async () => {
  companion = await bundleWasm()
  executor = createWasmExecutor({ launch: () => companion.launch(), log })
  folder = mkdtempSync(join(tmpdir(), 'wasm-test-'))
  await executor.warmUp()
}, 60_000)
afterAll(async () => {
  await executor.close()
  companion.remove()
  rmSync(folder, { recursive: true, force: true })
})

const exited = (exitCode: number): object => ({ kind: 'exited', exitCode })
const lines = (count: number): string => Array.from({ length: count }, (_, index) => `line ${String(index).padStart(9, '0')}\n`).join('')

describe('a module', () => {
  it('says hello on both streams', async () => {
    expect(await runWasm(executor, 'probe', ['hello'])).toEqual({ end: exited(0), stdout: 'hello from wasm\n', stderr: 'and stderr too\n' })
  })

  it('runs without a C library, and without names', async () => {
    expect(await runWasm(executor, 'tiny', [])).toEqual({ end: exited(0), stdout: 'tiny\n', stderr: '' })
    expect(await runWasm(executor, 'stripped', [])).toEqual({ end: exited(0), stdout: 'tiny\n', stderr: '' })
  })

  it('gets its arguments and its environment, and nothing else', async () => {
    expect((await runWasm(executor, 'probe', ['args', 'two words', 'ünïcode', '', '--flag=1'])).stdout).toBe(
      'arg 1=args\narg 2=two words\narg 3=ünïcode\narg 4=\narg 5=--flag=1\n',
    )
    expect((await runWasm(executor, 'probe', ['env'], { env: { GREETING: 'hi there', B: '=' } })).stdout).toBe('GREETING=hi there\nB==\n')
  })

  it('ends with the code that it says, returned or not', async () => {
    expect((await runWasm(executor, 'probe', ['exit', '7'])).end).toEqual(exited(7))
    expect((await runWasm(executor, 'probe', ['exit', '0'])).end).toEqual(exited(0))
    expect((await runWasm(executor, 'probe', ['return', '0'])).end).toEqual(exited(0))
    expect((await runWasm(executor, 'probe', ['return', '9'])).end).toEqual(exited(9))
  })

  it('writes many lines, also in one piece, whole and in order', async () => {
    for (const verb of ['lines', 'bulk']) {
      const { end, stdout } = await runWasm(executor, 'probe', [verb, '300000'])
      expect(end).toEqual(exited(0))
      expect(stdout === lines(300_000)).toBe(true)
    }
  })

  it('is heard while it runs', async () => {
    const stdout = new Collected()
    const running = await executor.start(wasmContext('probe', ['ticks', '1000', '0.02'], { stdout: stdout.sink }))
    await eventually('three ticks', () => stdout.text.startsWith('tick 0\ntick 1\ntick 2\n'))
    running.cancel(0)
    expect(await running.ended).toEqual({ kind: 'cancelled' })
  })

  it('sleeps as long as it asks', async () => {
    const started = performance.now()
    expect((await runWasm(executor, 'probe', ['sleep', '0.3'])).stdout).toBe('sleeping\nawake\n')
    expect(performance.now() - started).toBeGreaterThanOrEqual(300)
  })
})

describe('files', () => {
  it('reads an input folder and an input file', async () => {
    mkdirSync(join(folder, 'in'))
    writeFileSync(join(folder, 'in/text.txt'), 'one two three four five\n')
    const mounts = [{ hostPath: join(folder, 'in'), target: '/in', writable: false }]
    expect((await runWasm(executor, 'probe', ['words', '/in/text.txt'], { mounts })).stdout).toBe('5 words\n')
    for (const target of ['/book.txt', '/deep/er/book.txt']) {
      const single = [{ hostPath: join(folder, 'in/text.txt'), target, writable: false }]
      expect((await runWasm(executor, 'probe', ['cat', target], { mounts: single })).stdout).toBe('one two three four five\n')
    }
    const both = [...mounts, { hostPath: join(folder, 'in/text.txt'), target: '/book.txt', writable: false }]
    expect((await runWasm(executor, 'probe', ['words', '/in/text.txt'], { mounts: both })).stdout).toBe('5 words\n')
    expect((await runWasm(executor, 'probe', ['words', 'book.txt'], { mounts: both })).stdout).toBe('5 words\n')
  })

  it('cannot change what is read-only', async () => {
    writeFileSync(join(folder, 'kept.txt'), 'kept\n')
    const folders = [{ hostPath: folder, target: '/ro', writable: false }]
    const single = [{ hostPath: join(folder, 'kept.txt'), target: '/one.txt', writable: false }]
    for (const [verb, path, mounts] of [
      ['append', '/ro/kept.txt', folders],
      ['output', '/ro/kept.txt', folders],
      ['output', '/ro/new.txt', folders],
      ['append', '/one.txt', single],
      ['output', '/new.txt', single],
    ] as const) {
      const { end, stderr } = await runWasm(executor, 'probe', [verb, path, 'changed'], { mounts })
      expect(end).toEqual(exited(3))
      expect(stderr).toMatch(/cannot open .*: Read-only file system/)
    }
    expect(readFileSync(join(folder, 'kept.txt'), 'utf8')).toBe('kept\n')
    expect(existsSync(join(folder, 'new.txt'))).toBe(false)
  })

  it('lets a file be read by who asks for more rights than it needs, as Go does, and still not be changed', async () => {
    mkdirSync(join(folder, 'go'))
    writeFileSync(join(folder, 'go/text.txt'), 'kept\n')
    const said = async (writable: boolean) =>
      (await runWasm(executor, 'rights', [], { mounts: [{ hostPath: join(folder, 'go'), target: '/go', writable }] })).stdout.trim().split('\n')
    expect(await said(false)).toEqual(['open 0', 'read 0', 'write 69', 'truncate 69', 'open to write 69'])
    expect(readFileSync(join(folder, 'go/text.txt'), 'utf8')).toBe('kept\n')
    expect(await said(true)).toEqual(['open 0', 'read 0', 'write 76', 'truncate 0', 'open to write 0'])
  })

  it('writes to a writable folder, a writable file and its results', async () => {
    const [out, results] = [join(folder, 'out'), join(folder, 'results')]
    mkdirSync(out)
    mkdirSync(results)
    writeFileSync(join(folder, 'log.txt'), 'first\n')
    const mounts = [
      { hostPath: out, target: '/out', writable: true },
      { hostPath: join(folder, 'log.txt'), target: '/logs/log.txt', writable: true },
    ]
    expect((await runWasm(executor, 'probe', ['output', '/out/a.txt', 'made'], { mounts })).end).toEqual(exited(0))
    expect(readFileSync(join(out, 'a.txt'), 'utf8')).toBe('made\n')
    expect((await runWasm(executor, 'probe', ['append', '/logs/log.txt', 'second'], { mounts })).end).toEqual(exited(0))
    expect(readFileSync(join(folder, 'log.txt'), 'utf8')).toBe('first\nsecond\n')
    const given = [{ name: 'data', hostPath: results, target: '/some/where' }]
    for (const path of ['/data/by-name', '/some/where/by-path']) {
      expect((await runWasm(executor, 'probe', ['output', path, 'x'], { results: given })).end).toEqual(exited(0))
    }
    expect(existsSync(join(results, 'by-name')) && existsSync(join(results, 'by-path'))).toBe(true)
  })

  it('cannot leave its folders, neither by .. nor by links', async () => {
    const inside = join(folder, 'inside')
    mkdirSync(inside)
    writeFileSync(join(folder, 'secret.txt'), 'secret\n')
    symlinkSync(join(folder, 'secret.txt'), join(inside, 'absolute'))
    symlinkSync('../secret.txt', join(inside, 'relative'))
    symlinkSync(folder, join(inside, 'up'))
    for (const writable of [false, true]) {
      const mounts = [{ hostPath: inside, target: '/in', writable }]
      for (const path of [
        '/in/../secret.txt',
        '/in/absolute',
        '/in/relative',
        '/in/up/secret.txt',
        '/etc/passwd',
        '/in/../../../../../../../etc/passwd',
      ]) {
        const { end, stdout } = await runWasm(executor, 'probe', ['cat', path], { mounts })
        expect([path, end, stdout]).toEqual([path, exited(3), ''])
      }
    }
  })
})

describe('limits and faults', () => {
  it('gives no more memory than the task asks for', async () => {
    expect((await runWasm(executor, 'probe', ['memory', '50'], { resources: { Memory: 100e6 } })).stdout).toBe('got it\n')
    expect(await runWasm(executor, 'probe', ['memory', '400'], { resources: { Memory: 100e6 } })).toMatchObject({
      end: exited(4),
      stdout: 'refused\n',
    })
    expect((await runWasm(executor, 'probe', ['hello'], { resources: { Memory: 65_536 } })).end).toMatchObject({
      kind: 'failed',
      errorCode: 'wasm.memory-limit',
    })
  })

  it('names a trap', async () => {
    const { end } = await runWasm(executor, 'probe', ['trap'])
    expect(end).toMatchObject({ kind: 'failed', errorCode: 'wasm.trap', message: 'The module trapped: unreachable.' })
    expect((await runWasm(executor, 'probe', ['hello'])).end).toEqual(exited(0))
  })

  it.each([
    ['a busy loop', ['spin']],
    ['a long sleep', ['sleep', '600']],
  ])('ends %s at once', async (_, args) => {
    let runs = false
    const running = await executor.start(wasmContext('probe', args, { onProgress: ({ phase }) => (runs = phase === 'running') }))
    await eventually('running', () => runs)
    const started = performance.now()
    running.cancel(0)
    expect(await running.ended).toEqual({ kind: 'cancelled' })
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it('says what is wrong with a file that is no module, a module that is missing and one that lacks the entrypoint', async () => {
    const garbage = join(folder, 'garbage.wasm')
    writeFileSync(garbage, 'this is no module')
    expect((await runWasm(executor, garbage, [])).end).toMatchObject({ kind: 'failed', errorCode: 'wasm.not-a-module' })
    writeFileSync(garbage, Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 200]))
    expect((await runWasm(executor, garbage, [])).end).toMatchObject({ kind: 'failed', errorCode: 'wasm.not-a-module' })
    expect((await runWasm(executor, 'tiny', [], { task: wasmTask({ EntryModule: '/elsewhere.wasm' }) })).end).toMatchObject({
      errorCode: 'wasm.module-missing',
    })
    const { end } = await runWasm(executor, 'tiny', [], { task: wasmTask({ Entrypoint: 'nothing' }) })
    expect(end).toMatchObject({ kind: 'failed', errorCode: 'wasm.no-entrypoint', hint: expect.stringContaining('_start') as unknown })
  })

  it('fails with the reason when its output cannot be kept', async () => {
    const full = { write: () => Promise.reject(new Error('no room')) }
    const running = await executor.start(wasmContext('probe', ['ticks', '1000', '0.05'], { stdout: full }))
    expect(await running.ended).toMatchObject({ kind: 'failed', message: 'no room' })
  })

  it('refuses at bid time what can never run', async () => {
    expect(await executor.check(wasmTask())).toBeUndefined()
    expect(await executor.check(wasmTask({ EntryModule: '' }))).toMatch(/needs EntryModule/)
    expect(await executor.check(wasmTask({ EntryModule: '/other.wasm' }))).toMatch(/no input has that target .*\/job\.wasm/)
    expect(await executor.check(wasmTask({ Parameters: 'text' }))).toMatch(/list of texts/)
    expect(await executor.check({ ...wasmTask(), Resources: { Memory: '5Gi' } })).toMatch(/4 GiB/)
  })
})

/** Of the processes that this one has started, in MiB. */
function residentOfChildren(): number {
  const pids = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ')
  return pids.reduce((sum, pid) => sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024, 0)
}

describe.runIf(process.platform === 'linux')('memory', () => {
  it('of ended runs is given back', async () => {
    const run = () => runWasm(executor, 'probe', ['memory', '40'])
    for (let count = 0; count < 5; count += 1) await run()
    const before = residentOfChildren()
    for (let count = 0; count < 30; count += 1) expect((await run()).stdout).toBe('got it\n')
    // 30 runs touch 1200 MiB in all.
    expect(residentOfChildren() - before).toBeLessThan(200)
  })

  it('does not fill with output that is not taken yet', async () => {
    const before = residentOfChildren()
    let written = 0
    const slow = {
      write: async (bytes: Uint8Array) => {
        written += bytes.length
        await new Promise((resolve) => setImmediate(resolve))
      },
    }
    const running = await executor.start(wasmContext('probe', ['lines', '2000000'], { stdout: slow }))
    let most = 0
    const look = setInterval(() => (most = Math.max(most, residentOfChildren())), 10)
    expect(await running.ended).toEqual(exited(0))
    clearInterval(look)
    expect(written).toBe(30_000_000)
    expect(most - before).toBeLessThan(100)
  })
})

describe('the process', () => {
  it('fails what runs when it dies, and is there again for the next job', async () => {
    let runs = false
    const running = await executor.start(wasmContext('probe', ['spin'], { onProgress: () => (runs = true) }))
    await eventually('running', () => runs)
    companion.started.at(-1)!.kill()
    expect(await running.ended).toMatchObject({ kind: 'failed', errorCode: 'wasm.process', message: expect.stringContaining('SIGKILL') as unknown })
    expect((await runWasm(executor, 'tiny', [])).stdout).toBe('tiny\n')
    expect(companion.started).toHaveLength(2)
  })
})
