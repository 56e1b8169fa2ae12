import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OUTPUT_LIMIT_BYTES } from '../../../../../electron/compute/executors/output-file'
import type { Bundle } from '../../../../fixtures/bundle'
import { type Asked, bundleNode, ComputingNode } from '../../../../fixtures/computing-node'
import { descendants } from '../../../../fixtures/local-cluster'
import { wasmBytes } from '../../../../fixtures/wasm-bytes'

let bundles: readonly Bundle[] = []
let dir: string
let outside: string
let node: ComputingNode
let count = 0
const next = (): string => `e-${(count += 1)}`

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'bad-modules-'))
  outside = mkdtempSync(join(tmpdir(), 'not-allowed-'))
  writeFileSync(join(outside, 'secret.txt'), 'secret')
  bundles = await bundleNode()
  node = await ComputingNode.start(bundles, dir)
}, 60_000)
afterAll(async () => {
  await node.stop()
  for (const each of bundles) each.remove()
  for (const folder of [dir, outside]) rmSync(folder, { recursive: true, force: true })
})

const fails = async (asked: Asked): Promise<{ readonly message: string; readonly code: string; readonly hint: string }> => {
  const id = next()
  await node.run(id, asked)
  const { Message, Details } = await node.errorOf(id)
  return { message: Message, code: Details?.['ErrorCode'] ?? '', hint: Details?.['Hint'] ?? '' }
}
const ends = async (asked: Asked, withinMs?: number) => {
  const id = next()
  await node.run(id, asked)
  return { id, result: (await node.resultOf(id, withinMs)).RunCommandResult }
}
const refused = async (asked: Asked): Promise<string> => {
  const id = next()
  await node.ask(id, asked)
  return node.refusalOf(id)
}
const wild = (Entrypoint: string, task: object = {}): Asked => ({ module: 'wild', params: { Entrypoint }, task })
const limited = { Timeouts: { ExecutionTimeout: 1 } }
const written = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(dir, name), bytes)
  return join(dir, name)
}
const local = (path: string, Target: string, more: object = {}) => ({
  Source: { Type: 'localDirectory', Params: { SourcePath: path, ...more } },
  Target,
})
/** A module that is read where it lies, however big it is. */
const lying = (path: string): Asked => ({ task: { InputSources: [local(path, '/job.wasm')] } })

/** The most memory that the node and all that it has started ever had, in MiB each. */
async function peaks(): Promise<number[]> {
  const pids = [node.pid, ...(await descendants(node.pid))]
  return pids.map((pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024)
}

describe.runIf(process.platform === 'linux')('a module that floods', () => {
  it.each([
    ['stdout', 'flood_stdout'],
    ['stderr', 'flood_stderr'],
  ] as const)(
    '%s with more than a gigabyte keeps what the engine keeps, in bounded memory and time',
    async (stream, entrypoint) => {
      expect(await node.isWell(next())).toBe(true)
      const { id, result } = await ends(wild(entrypoint), 100_000)
      const other = stream === 'stdout' ? 'stderr' : 'stdout'
      expect([result?.ExitCode, result?.ErrorMsg]).toEqual([0, ''])
      const text = stream === 'stdout' ? result?.Stdout : result?.stderr
      expect([text?.length, stream === 'stdout' ? result?.StdoutTruncated : result?.StderrTruncated]).toEqual([2048, true])
      const folder = join(dir, 'compute/executions/output', id)
      expect(statSync(join(folder, stream)).size).toBeLessThanOrEqual(OUTPUT_LIMIT_BYTES + 200)
      expect(statSync(join(folder, stream)).size).toBeGreaterThanOrEqual(OUTPUT_LIMIT_BYTES)
      expect(statSync(join(folder, 'output-order')).size).toBeLessThan(1 << 20)
      if (other === 'stderr') expect(readFileSync(join(folder, 'stderr'), 'utf8')).toContain(`stdout is longer than ${OUTPUT_LIMIT_BYTES} bytes`)
      rmSync(folder, { recursive: true })
      for (const peak of await peaks()) expect(peak).toBeLessThan(350)
    },
    120_000,
  )

  it('with single bytes, for ever, is ended at its time-out, in bounded memory', async () => {
    const { message } = await fails(wild('drip', { Timeouts: { ExecutionTimeout: 2 } }))
    expect(message).toBe('Execution timed out after 2s')
    for (const peak of await peaks()) expect(peak).toBeLessThan(350)
    expect(await node.isWell(next())).toBe(true)
  }, 30_000)
})

describe('a module that goes on for ever', () => {
  it.each([['spin'], ['greedy']])('%s: is ended at its time-out, and its share is free', async (how) => {
    const asked = how === 'spin' ? { args: ['spin'], task: limited } : wild(how, limited)
    expect((await fails(asked)).message).toBe('Execution timed out after 1s')
    expect(await node.isWell(next())).toBe(true)
    await node.eventually('its share is free', () => node.usedCores < 1e-6)
  })

  it('without a time-out is ended when it is cancelled; more of them than there are threads, too', async () => {
    const ids = Array.from({ length: 5 }, next)
    for (const id of ids) await node.run(id, { args: ['spin'] })
    await node.eventually('all run', () => Math.abs(node.usedCores - 0.5) < 1e-6)
    // They take all processors, but nothing that others wait for.
    expect(await node.isWell(next())).toBe(true)
    for (const id of ids) await node.send('CancelExecution', { Events: null, ExecutionID: id })
    await node.eventually('all is free', () => node.usedCores < 1e-6)
    expect(await node.isWell(next())).toBe(true)
    expect(node.o.all('ComputeError').filter(({ ExecutionID }) => ids.includes(ExecutionID))).toEqual([])
  }, 30_000)
})

describe('a module that wants too much', () => {
  it('gets the memory that its task asks for, and not a page more', async () => {
    const { result } = await ends(wild('grow'))
    // 64 MB are 976.6 pages; it starts with some of them.
    expect(Number(result?.Stdout)).toBeGreaterThan(960)
    expect(Number(result?.Stdout)).toBeLessThan(977)
  })

  it.each([
    ['recurse', 'The module trapped: stack overflow.'],
    ['outside', 'The module trapped: memory access out of bounds.'],
    ['divide', 'The module trapped: divide by zero.'],
  ])('%s: is told by its trap', async (entrypoint, message) => {
    expect(await fails(wild(entrypoint))).toMatchObject({ message, code: 'wasm.trap' })
    expect(await node.isWell(next())).toBe(true)
  })
})

describe('what a task names', () => {
  it('its own Entrypoint runs; one that is not there is told with those that are', async () => {
    expect((await ends(wild('seven'))).result?.ExitCode).toBe(7)
    const { message, hint } = await fails({ module: 'wild' })
    expect(message).toBe('The module exports no function "_start".')
    expect(hint).toContain('flood_stdout')
    expect(await refused({ params: { Entrypoint: 7 } })).toContain('Entrypoint must be the name of a function')
  })

  it('ImportModules: modules that need each other in a row, by path, by file name and without its ending', async () => {
    const last = written('last.wasm', wasmBytes({ exports: 'leave', exitCode: 42 }))
    for (const name of ['/lib/last.wasm', 'last.wasm', 'last']) {
      const middle = written('middle.wasm', wasmBytes({ exports: 'pass', imports: [{ module: name, name: 'leave' }] }))
      const main = written('main.wasm', wasmBytes({ imports: [{ module: '/lib/middle.wasm', name: 'pass' }] }))
      const { result } = await ends({
        module: main,
        params: { ImportModules: ['/lib/middle.wasm', '/lib/last.wasm'] },
        inputs: [local(middle, '/lib/middle.wasm'), local(last, '/lib/last.wasm')],
      })
      expect([name, result?.ExitCode]).toEqual([name, 42])
    }
    // One that is imported by a path of the job needs not be listed.
    const main = written('main.wasm', wasmBytes({ imports: [{ module: '/lib/last.wasm', name: 'leave' }] }))
    expect((await ends({ module: main, inputs: [local(last, '/lib/last.wasm')] })).result?.ExitCode).toBe(42)
    const lacking = await fails({
      module: written('main.wasm', wasmBytes({ imports: [{ module: 'last', name: 'stay' }] })),
      params: { ImportModules: ['/lib/last.wasm'] },
      inputs: [local(last, '/lib/last.wasm')],
    })
    expect(lacking).toMatchObject({ code: 'wasm.import-missing', message: expect.stringContaining('stay') as unknown })
    expect(await refused({ params: { ImportModules: ['/lib/nothing.wasm'] } })).toContain('no input has that target')
  }, 20_000)

  it('modules that need each other in a circle are told', async () => {
    const one = written('one.wasm', wasmBytes({ exports: 'a', imports: [{ module: '/two.wasm', name: 'b' }] }))
    const two = written('two.wasm', wasmBytes({ exports: 'b', imports: [{ module: '/one.wasm', name: 'a' }] }))
    const main = written('main.wasm', wasmBytes({ imports: [{ module: '/one.wasm', name: 'a' }] }))
    const { code, message } = await fails({ module: main, inputs: [local(one, '/one.wasm'), local(two, '/two.wasm')] })
    expect([code, message]).toEqual(['wasm.import-cycle', expect.stringContaining('import each other')])
  })

  it('what nothing provides is named, with what to do', async () => {
    const importing = (module: string, name = 'f'): Asked => ({ module: written('main.wasm', wasmBytes({ imports: [{ module, name }] })) })
    expect(await fails(importing('wasi:http/requests', 'http_request'))).toMatchObject({
      code: 'wasm.import-missing',
      message: expect.stringContaining('wasi:http/requests') as unknown,
      hint: expect.stringContaining('urlDownload') as unknown,
    })
    expect((await fails(importing('wasi:cli/environment@0.2.0'))).hint).toContain('preview 1')
    expect((await fails(importing('wasi_unstable', 'fd_write'))).hint).toContain('preview 1')
    expect((await fails(importing('env', 'emscripten_memcpy'))).message).toContain('"env"')
    expect((await fails(importing('wasi_snapshot_preview1', 'fly'))).message).toContain('fly')
  })

  it('more imports than anybody has are told soon', async () => {
    const imports = Array.from({ length: 90_000 }, (_, index) => ({ module: `m${index}`, name: 'f' }))
    const { code } = await fails(lying(written('many.wasm', wasmBytes({ imports }))))
    expect(code).toBe('wasm.import-missing')
    const same = Array.from({ length: 150_000 }, () => ({ module: 'wasi_snapshot_preview1', name: 'f' }))
    expect((await fails(lying(written('many.wasm', wasmBytes({ imports: same }))))).code).toBe('wasm.not-a-module')
    expect(await node.isWell(next())).toBe(true)
  }, 30_000)
})

describe('a file that is no module', () => {
  it.each([
    ['nothing', Buffer.alloc(0), /no WebAssembly module: it does not begin as one/],
    ['text', Buffer.from('(module)'), /it does not begin as one/],
    ['a program of the machine', readFileSync(process.execPath).subarray(0, 4096), /it does not begin as one/],
    ['a component', Buffer.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), /it is a component/],
    ['a module that is cut off', readFileSync('test/fixtures/wasm/probe.wasm').subarray(0, 20_000), /ends too early/],
    ['a body that makes no sense', Buffer.concat([wasmBytes({}).subarray(0, -1), Buffer.from([0xff])]), /cannot be compiled/],
  ])('%s', async (_, bytes, message) => {
    const failure = await fails({ module: written('some.wasm', bytes) })
    expect(failure.code).toBe('wasm.not-a-module')
    expect(failure.message).toMatch(message)
    expect(failure.hint).not.toBe('')
  })

  it('a module of many megabytes runs; one beyond the limit is refused by its size, unread', async () => {
    expect((await ends(lying(written('big.wasm', wasmBytes({ exitCode: 3, padding: 60 << 20 }))))).result?.ExitCode).toBe(3)
    const huge = written('huge.wasm', wasmBytes({}))
    truncateSync(huge, 3 * 2 ** 30)
    expect(await fails(lying(huge))).toMatchObject({ code: 'wasm.module-too-large', message: expect.stringContaining('3221225472 bytes') as unknown })
    for (const peak of await peaks()) expect(peak).toBeLessThan(600)
    expect(await node.isWell(next())).toBe(true)
  }, 30_000)
})

describe('an input', () => {
  const asking = (path: string, more: object = {}): Asked => ({ args: ['hello'], inputs: [local(path, '/in', more)] })

  it('that is not there, or not allowed, also by a link and by .., is refused with reason and hint', async () => {
    mkdirSync(join(dir, 'mine'))
    symlinkSync(outside, join(dir, 'mine/way-out'))
    symlinkSync(join(outside, 'secret.txt'), join(dir, 'mine/secret.txt'))
    symlinkSync(join(outside, 'nothing'), join(dir, 'mine/dangling'))
    expect(await refused(asking(join(dir, 'mine/missing')))).toMatch(/does not exist on this node.*Make it there/)
    for (const path of [
      '/etc/passwd',
      join(outside, 'secret.txt'),
      `${dir}/mine/../../${outside.split('/').at(-1)}/secret.txt`,
      join(dir, 'mine/way-out/secret.txt'),
      join(dir, 'mine/secret.txt'),
      join(dir, 'mine/way-out'),
      `${dir}-else`,
    ]) {
      const message = await refused(asking(path))
      expect([path, message]).toEqual([path, expect.stringMatching(/is not allowed on this node.*AllowListedLocalPaths/)])
      expect(message).not.toContain('secret\n')
    }
    expect(await refused(asking(join(dir, 'mine/dangling'), { ReadWrite: true, CreateAs: 'file' }))).toContain('cannot be found out about')
    expect(await refused(asking(join(dir, 'mine/way-out/new'), { ReadWrite: true, CreateAs: 'dir' }))).toContain('is not allowed')
    expect(await refused({ args: ['hello'], inputs: [{ Source: { Type: 's3', Params: {} }, Target: '/in' }] })).toContain('s3')
  })

  it('that is turned into a way out after the bid is not given', async () => {
    const path = join(dir, 'mine/folder')
    mkdirSync(path)
    const id = next()
    await node.ask(id, { args: ['cat', '/in/secret.txt'], inputs: [local(path, '/in')] })
    expect((await node.bidOf(id)).Accepted).toBe(true)
    rmSync(path, { recursive: true })
    symlinkSync(outside, path)
    await node.approve(id)
    const { Message, Details } = await node.errorOf(id)
    expect([Message, Details?.['ErrorCode']]).toEqual([expect.stringContaining('is not allowed on this node'), 'storage.not-allowed'])
  })
})
