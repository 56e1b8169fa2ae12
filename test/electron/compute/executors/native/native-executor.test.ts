import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExecutionContext, RunEnd, RunningExecution } from '../../../../../electron/compute/executors/executor'
import { createNativeExecutor } from '../../../../../electron/compute/executors/native/native-executor'
import { eventually, isRunning } from '../../../../fixtures/eventually'
import { Collected, wasmContext, wasmTask } from '../../../../fixtures/wasm-task'

let folder: string
const executor = createNativeExecutor({ enabled: true, path: process.env['PATH'] ?? '/usr/bin:/bin' })
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'native-test-'))
})
afterAll(async () => {
  await executor.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Started {
  readonly running: RunningExecution
  readonly stdout: Collected
  readonly stderr: Collected
}

async function start(params: Readonly<Record<string, unknown>>, more: Partial<ExecutionContext> = {}): Promise<Started> {
  const [stdout, stderr] = [new Collected(), new Collected()]
  const task = { ...wasmTask(), Engine: { Type: 'native', Params: params } }
  const context = { ...wasmContext('tiny', []), mounts: [], task, stdout: stdout.sink, stderr: stderr.sink, resources: {}, ...more }
  return { running: await executor.start(context), stdout, stderr }
}

async function run(
  params: Readonly<Record<string, unknown>>,
  more: Partial<ExecutionContext> = {},
): Promise<{ end: RunEnd; stdout: string; stderr: string }> {
  const { running, stdout, stderr } = await start(params, more)
  const end = await running.ended
  return { end, stdout: stdout.text, stderr: stderr.text }
}

const sh = (script: string): object & Record<string, unknown> => ({ Command: 'sh', Parameters: ['-c', script] })

describe('a plain program', () => {
  it('gets its parameters, its environment and nothing of the node', async () => {
    process.env['NODE_SECRET'] = 'hidden'
    const { end, stdout, stderr } = await run(
      { Command: ['sh', '-c'], Parameters: ['echo "$0 $GREETING [$NODE_SECRET]"; echo err >&2; exit 5', 'two words'] },
      { env: { GREETING: 'hi' } },
    )
    delete process.env['NODE_SECRET']
    expect([end, stdout, stderr]).toEqual([{ kind: 'exited', exitCode: 5 }, 'two words hi []\n', 'err\n'])
  })

  it('finds inputs and results at their targets in its folder', async () => {
    mkdirSync(join(folder, 'out'))
    writeFileSync(join(folder, 'book.txt'), 'one two\n')
    const { end, stdout } = await run(sh('cat in/book.txt; echo made > outputs/x'), {
      mounts: [{ hostPath: join(folder, 'book.txt'), target: '/in/book.txt', writable: false }],
      results: [{ name: 'outputs', hostPath: join(folder, 'out'), target: '/outputs' }],
    })
    expect([end, stdout]).toEqual([{ kind: 'exited', exitCode: 0 }, 'one two\n'])
    expect(readFileSync(join(folder, 'out/x'), 'utf8')).toBe('made\n')
  })

  it('that is not there, or is not said, is told', async () => {
    await expect(start({ Command: 'no-such-program-at-all' })).rejects.toMatchObject({ code: 'native.not-found' })
    await expect(start({ Command: 'sh', WorkingDirectory: '../..' })).rejects.toMatchObject({ code: 'native.params' })
    await expect(start({ Command: 'sh', WorkingDirectory: '/nowhere' })).rejects.toMatchObject({
      code: 'native.no-folder',
      message: 'There is no folder /nowhere for the program to start in.',
    })
    expect(await executor.check({ ...wasmTask(), Engine: { Type: 'native', Params: {} } })).toMatch(/needs Command/)
  })

  it('is refused where the owner has not allowed it', async () => {
    const off = createNativeExecutor({ enabled: false, path: '/usr/bin:/bin' })
    expect(await off.available()).toMatchObject({ ok: false })
    await expect(off.start(wasmContext('tiny', []))).rejects.toMatchObject({ code: 'native.off' })
  })

  it('is asked to end, and ends with a last word', async () => {
    const { running, stdout } = await start(sh('trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.05; done'))
    await eventually('up', () => stdout.text.includes('up'))
    running.cancel(10_000)
    expect(await running.ended).toEqual({ kind: 'cancelled' })
    expect(stdout.text).toBe('up\nbye\n')
  })

  it('is taken down with all its children when it does not', async () => {
    const { running, stdout } = await start(sh('trap "" TERM; (trap "" TERM; sleep 300 & echo $!; wait) & echo $!; wait; sleep 300'))
    const pids = await eventually('both pids', () => {
      const found = stdout.text.trim().split('\n').map(Number)
      return found.length === 2 && found
    })
    running.cancel(50)
    expect(await running.ended).toEqual({ kind: 'cancelled' })
    for (const pid of pids) await eventually(`the end of ${pid}`, async () => !(await isRunning(pid)))
  })

  it('leaves nothing behind in its group', async () => {
    const { end, stdout } = await run(sh('sleep 300 & echo $!'))
    expect(end).toEqual({ kind: 'exited', exitCode: 0 })
    await eventually('the end of the child', async () => !(await isRunning(Number(stdout))))
  })

  it('has no more memory than it asks for', async () => {
    const { end } = await run(
      { Command: process.execPath, Parameters: ['-e', 'Buffer.alloc(400e6, 1); console.log("got it")'] },
      { resources: { Memory: 200e6 } },
    )
    expect(end).not.toEqual({ kind: 'exited', exitCode: 0 })
  })
})
