import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { spawnChild, type SpawnedChild, type SpawnOptions } from '../../../electron/process/child'
import { bundle, type Bundle } from '../../fixtures/bundle'
import { eventually, isRunning } from '../../fixtures/eventually'

const children: SpawnedChild[] = []
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill()
    await child.exited
  }
})

function node(script: string, options: Partial<SpawnOptions> = {}): SpawnedChild {
  const child = spawnChild({ file: process.execPath, args: ['-e', script], lifeline: false, ...options })
  children.push(child)
  return child
}

/** Living processes of the session that `pid` leads. */
function sessionMembers(pid: number): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /, '')
          .split(' ')
        return fields[0] !== 'Z' && fields[3] === String(pid)
      } catch {
        return false // It ended while we looked.
      }
    })
}

describe('spawnChild', () => {
  it.each([false, true])('tells output line by line and the exit code (lifeline: %s)', async (lifeline) => {
    const child = node('console.log("out"); console.error("err"); process.exitCode = 3', { lifeline })
    const lines: string[] = []
    child.onLine((line, stream) => lines.push(`${stream} ${line}`))
    expect(await child.exited).toEqual({ code: 3, signal: null })
    expect(lines.sort()).toEqual(['stderr err', 'stdout out'])
    expect(child.lastLines()).toHaveLength(2)
  })

  it.each([false, true])('gives the program the pid it tells (lifeline: %s)', async (lifeline) => {
    const child = node('console.log(process.pid)', { lifeline })
    await child.exited
    expect(child.lastLines()).toEqual([String(child.pid)])
  })

  it('ends a program that is asked, and kills one that does not listen', async () => {
    const polite = node('setInterval(() => {}, 1000); console.log("up")')
    const deaf = node('process.on("SIGTERM", () => console.log("no")); setInterval(() => {}, 1000); console.log("up")')
    await eventually('both are up', () => polite.lastLines().length > 0 && deaf.lastLines().length > 0)
    polite.end()
    deaf.end()
    expect(await polite.exited).toEqual({ code: null, signal: 'SIGTERM' })
    await eventually('the deaf one has heard', () => deaf.lastLines().includes('no'))
    deaf.kill()
    expect(await deaf.exited).toEqual({ code: null, signal: 'SIGKILL' })
  })

  it('carries messages both ways, the last one before the exit included', async () => {
    const child = node('process.on("message", (m) => process.send({ echo: m.text }, () => process.disconnect()))', { messages: true, lifeline: true })
    const heard: unknown[] = []
    child.onMessage((message) => heard.push(message))
    child.send({ text: 'hello' })
    await child.exited
    expect(heard).toEqual([{ echo: 'hello' }])
    child.send({ text: 'to nobody' })
  })

  it('says which program is missing, and which may not be run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'child-'))
    const file = join(folder, 'data.txt')
    writeFileSync(file, '', { mode: 0o600 })
    expect(() => spawnChild({ file: join(folder, 'nothing'), args: [], lifeline: true })).toThrow(
      expect.objectContaining({ code: 'process.not-found' }),
    )
    expect(() => spawnChild({ file, args: [], lifeline: true })).toThrow(expect.objectContaining({ code: 'process.not-executable' }))
    expect(() => spawnChild({ file: 'no-such-program-anywhere', args: [], lifeline: false })).toThrow(
      expect.objectContaining({ code: 'process.spawn-failed' }),
    )
    rmSync(folder, { recursive: true })
  })

  it('is not held up by a grandchild that keeps the output open', async () => {
    const child = node(
      'const c = require("child_process").spawn("/bin/sleep", ["30"], { stdio: "inherit", detached: true }); c.unref(); console.log(c.pid)',
    )
    expect((await child.exited).code).toBe(0)
    const grandchild = Number(child.lastLines()[0])
    expect(await isRunning(grandchild)).toBe(true)
    process.kill(grandchild, 'SIGKILL')
  })
})

describe.runIf(process.platform !== 'win32')('the lifeline', () => {
  let spawner: Bundle
  beforeAll(async () => {
    spawner = await bundle('test/fixtures/programs/spawner.ts')
  })
  afterAll(() => spawner.remove())

  /** A parent that starts `sleep` on a lifeline: on its main thread by a death signal, on another thread by a watcher on a pipe. */
  async function parentOf(how: 'death-signal' | 'pipe', seconds: string): Promise<{ readonly parent: ChildProcess; readonly pid: number }> {
    const inThread = `new (require('node:worker_threads').Worker)(${JSON.stringify(spawner.file)}, { argv: [${JSON.stringify(seconds)}] })`
    const args = how === 'pipe' ? ['-e', inThread] : [spawner.file, seconds]
    const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))))
    return { parent, pid }
  }

  it.each(['death-signal', 'pipe'] as const)('ends the program within 2 s after its parent was killed, by %s', async (how) => {
    const { parent, pid } = await parentOf(how, '600')
    await eventually('the program runs', () => isRunning(pid))
    parent.kill('SIGKILL')
    await eventually('the program is gone', async () => !(await isRunning(pid)), 2000)
  })

  it.runIf(process.platform === 'linux')('leaves no watcher behind when the program ends by itself', async () => {
    const { parent, pid } = await parentOf('pipe', '0.2')
    await eventually('program and watcher run', () => sessionMembers(pid).length === 2)
    await eventually('both are gone', () => sessionMembers(pid).length === 0)
    parent.kill('SIGKILL')
  })

  it('ends the program when its parent ends in order', async () => {
    const parent = spawn(process.execPath, ['-e', `require(${JSON.stringify(spawner.file)}); setTimeout(() => process.exit(0), 200)`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))))
    await eventually('the program is gone', async () => !(await isRunning(pid)), 3000)
    expect(parent.exitCode ?? (await new Promise((resolve) => parent.once('exit', resolve)))).toBe(0)
  })
})
