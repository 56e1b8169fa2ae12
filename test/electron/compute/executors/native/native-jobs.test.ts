import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { OUTPUT_LIMIT_BYTES } from '../../../../../electron/compute/executors/output-file'
import type { Bundle } from '../../../../fixtures/bundle'
import { type Asked, bundleNode, ComputingNode } from '../../../../fixtures/computing-node'
import { eventually, isRunning } from '../../../../fixtures/eventually'

let bundles: readonly Bundle[] = []
let dir: string
let node: ComputingNode

beforeAll(async () => {
  bundles = await bundleNode()
}, 60_000)
afterAll(() => {
  for (const each of bundles) each.remove()
})
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'native-jobs-'))
})
afterEach(async () => {
  await node.stop()
  rmSync(dir, { recursive: true, force: true })
})

const on = { SHOAL_TEST_PATH: process.env['PATH'] ?? '/usr/bin:/bin' }
const sh = (script: string, task: object = {}): Asked => ({
  task: { Engine: { Type: 'native', Params: { Command: 'sh', Parameters: ['-c', script] } }, InputSources: [], ...task },
})
const output = (id: string): string => join(dir, 'compute/executions/output', id, 'stdout')
const pidsOf = (id: string, count: number): Promise<readonly number[]> =>
  node.eventually(`${count} pids of ${id}`, () => {
    const found = readFileSync(output(id), 'utf8').trim().split(/\s+/).map(Number)
    return found.length === count && found
  })
const begun = (id: string): Promise<unknown> =>
  node.eventually('it writes', () => statSync(output(id), { throwIfNoEntry: false })?.size !== undefined)

describe.skipIf(process.platform === 'win32')('plain programs on a node', () => {
  it('are refused with the reason unless the owner has allowed them', async () => {
    node = await ComputingNode.start(bundles, dir)
    await node.ask('e-1', sh('echo hi'))
    expect(await node.refusalOf('e-1')).toBe(
      'rejected bid: this node does not support "native": this node does not run plain programs (Engines.Types.Native.Enabled is false)',
    )
    expect(await node.isWell('e-2')).toBe(true)
  })

  it('run with arguments, environment and exit code, and are told by the signal that ended them', async () => {
    node = await ComputingNode.start(bundles, dir, on)
    await node.run('e-1', sh('echo "$GREETING $BACALHAU_JOB_ID"; exit 5', { Env: { GREETING: 'hi' } }))
    expect((await node.resultOf('e-1')).RunCommandResult).toMatchObject({ Stdout: 'hi j-e-1\n', ExitCode: 5 })
    await node.run('e-2', sh('echo before; kill -SEGV $$'))
    const { Message, Details } = await node.errorOf('e-2')
    expect([Message, Details?.['ErrorCode']]).toEqual(['The program was ended by SIGSEGV.', 'native.signal'])
    expect(Details?.['Hint']).not.toBeUndefined()
    await node.ask('e-3', { task: { Engine: { Type: 'native', Params: {} }, InputSources: [] } })
    expect(await node.refusalOf('e-3')).toContain('needs Command')
  })

  it('are gone within two seconds of a SIGKILL of the node, those with a session of their own too', async () => {
    node = await ComputingNode.start(bundles, dir, on)
    await node.run('e-1', sh('echo $$; sleep 300 & echo $!; setsid sh -c "sleep 300 & echo \\$\\$ \\$!; wait" & (setsid sleep 300 & echo $!); wait'))
    await begun('e-1')
    const pids = await pidsOf('e-1', 5)
    for (const pid of pids) expect(await isRunning(pid)).toBe(true)
    await node.kill()
    await eventually('the end of all', async () => !(await Promise.all(pids.map(isRunning))).includes(true), 2000)
  })

  it('are asked to end when they take too long, then taken down with all that they have started', async () => {
    node = await ComputingNode.start(bundles, dir, on)
    const stubborn = `trap "" TERM; echo $$; (trap "" TERM; sleep 300) & echo $!; setsid sleep 300 & echo $!; wait; wait`
    await node.run('e-1', sh(stubborn, { Timeouts: { ExecutionTimeout: 1 } }))
    await begun('e-1')
    const pids = await pidsOf('e-1', 3)
    expect((await node.errorOf('e-1')).Message).toBe('Execution timed out after 1s')
    for (const pid of pids) expect(await isRunning(pid)).toBe(false)
    // One that listens has its last word, within its grace.
    await node.run('e-2', sh('trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.05; done'))
    await begun('e-2')
    await node.send('CancelExecution', { Events: null, ExecutionID: 'e-2' })
    await node.eventually('its last word', () => readFileSync(output('e-2'), 'utf8') === 'up\nbye\n')
    await node.eventually('all is free', () => node.usedCores < 1e-6)
  })

  it('that write more than a gigabyte keep what the engine keeps', async () => {
    node = await ComputingNode.start(bundles, dir, on)
    await node.run('e-1', sh('head -c 1050000000 /dev/zero; echo done >&2'))
    const { RunCommandResult } = await node.resultOf('e-1', 60_000)
    expect(RunCommandResult).toMatchObject({ StdoutTruncated: true, ExitCode: 0 })
    expect(RunCommandResult?.stderr).toContain('done\n')
    expect(statSync(output('e-1')).size).toBe(OUTPUT_LIMIT_BYTES)
    const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${node.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
    expect(peak).toBeLessThan(350)
  }, 90_000)
})
