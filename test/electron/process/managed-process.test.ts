import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import type { ServiceState } from '../../../shared/service'
import { spawnChild, type Child, type SpawnedChild } from '../../../electron/process/child'
import { systemClock } from '../../../electron/process/clock'
import { superviseProcess, type ManagedProcess, type ManagedProcessOptions } from '../../../electron/process/managed-process'
import { eventually, isRunning } from '../../fixtures/eventually'

const quick = { firstDelayMs: 10, maxDelayMs: 20, healthyAfterMs: 60_000, maxAttempts: 3 }
const managed: ManagedProcess[] = []
afterEach(async () => {
  for (const process of managed.splice(0)) await process.stop()
})

interface Trial {
  readonly process: ManagedProcess
  readonly states: ServiceState[]
  readonly warnings: string[]
  readonly launched: SpawnedChild[]
}

/** Supervises a Node script that prints `up` when it is ready. */
function supervise(script: string, options: Partial<ManagedProcessOptions> = {}): Trial {
  const launched: SpawnedChild[] = []
  const warnings: string[] = []
  const states: ServiceState[] = []
  const process_ = superviseProcess({
    name: 'node n-1',
    launch: () => {
      const child = spawnChild({ file: process.execPath, args: ['-e', script], lifeline: true })
      launched.push(child)
      return child
    },
    ready: printed('up'),
    readyTimeoutMs: 5000,
    stopGraceMs: 5000,
    restart: quick,
    clock: systemClock,
    log: { info: () => undefined, warn: (message) => warnings.push(message), error: (message) => warnings.push(message) },
    ...options,
  })
  process_.on((state) => states.push(state))
  managed.push(process_)
  return { process: process_, states, warnings, launched }
}

/** Ready when the child has printed `line`. */
function printed(line: string) {
  return (child: Child, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const timer = setInterval(() => {
        if (child.lastLines?.().includes(line) !== true && !signal.aborted) return
        clearInterval(timer)
        if (!signal.aborted) resolve()
      }, 2)
    })
}

function kinds(states: readonly ServiceState[]): string[] {
  return states.map(({ kind }) => kind)
}

const server = 'console.log("up"); setInterval(() => {}, 1000)'

describe('superviseProcess', () => {
  it('starts, tells its pid, and stops', async () => {
    const { process: node, states, launched } = supervise(server)
    await node.start()
    expect(node.state).toMatchObject({ kind: 'running', pid: launched[0]?.pid, restarts: 0 })
    await node.stop()
    expect(node.state).toMatchObject({ kind: 'stopped', exitCode: null })
    expect(kinds(states)).toEqual(['starting', 'starting', 'running', 'stopping', 'stopped'])
  })

  it('answers a second start with the first, and starts again after a stop', async () => {
    const { process: node, launched } = supervise(server)
    await Promise.all([node.start(), node.start()])
    expect(launched).toHaveLength(1)
    await Promise.all([node.stop(), node.stop()])
    await node.start()
    expect(launched).toHaveLength(2)
    expect(node.state.kind).toBe('running')
  })

  it('restarts a process that was killed, and counts it', async () => {
    const { process: node, launched, states } = supervise(server)
    await node.start()
    launched[0]?.kill()
    await eventually('it runs again', () => node.state.kind === 'running' && node.state.restarts === 1)
    const waiting = states.find((state) => state.kind === 'waiting')
    expect(waiting).toMatchObject({
      attempt: 1,
      failure: { code: 'process.died', message: 'node n-1 was ended from outside (SIGKILL).', details: { signal: 'SIGKILL' } },
    })
  })

  it('gives up on a process that keeps dying, and keeps the reason', async () => {
    const { process: node, launched } = supervise('console.log("up"); setTimeout(() => { console.error("no such disk"); process.exit(7) }, 30)')
    await node.start()
    await eventually('it has given up', () => node.state.kind === 'failed')
    expect(launched).toHaveLength(4)
    expect(node.state).toMatchObject({
      failure: { code: 'process.died', message: expect.stringContaining('no such disk') as string, details: { exitCode: '7' } },
    })
  })

  it('tells a fault of its own from a death from outside, with what it said last', async () => {
    const { process: node, states } = supervise('console.log("up"); setTimeout(() => { console.error("out of heap"); process.abort() }, 30)')
    await node.start()
    await eventually('it has died', () => states.some(({ kind }) => kind === 'waiting'))
    const waiting = states.find((state) => state.kind === 'waiting')
    expect(waiting?.failure.message).toMatch(/^node n-1 ended by itself \(SIGABRT\)\. Its last line: /)
  })

  it('tells at once why the first start failed, without trying again', async () => {
    const { process: node, launched } = supervise('console.error("bad configuration"); process.exit(2)')
    await expect(node.start()).rejects.toMatchObject({ code: 'process.died', message: expect.stringContaining('bad configuration') as string })
    expect(launched).toHaveLength(1)
    expect(node.state.kind).toBe('failed')
  })

  it('prefers the reason that the process itself gave', async () => {
    const { process: node } = supervise('process.exit(2)', {
      ready: () => Promise.reject(new AppError('data.locked', 'In use.', { hint: 'Stop the other.' })),
    })
    await expect(node.start()).rejects.toMatchObject({ code: 'data.locked', hint: 'Stop the other.' })
  })

  it('ends a process that is not ready in time', async () => {
    const { process: node, launched } = supervise('setInterval(() => {}, 1000)', { readyTimeoutMs: 50 })
    await expect(node.start()).rejects.toMatchObject({ code: 'process.not-ready' })
    expect(await isRunning(launched[0]?.pid ?? 0)).toBe(false)
  })

  it('tells when the program cannot be started at all', async () => {
    const { process: node } = supervise('', { launch: () => spawnChild({ file: '/no/such/program', args: [], lifeline: true }) })
    await expect(node.start()).rejects.toMatchObject({ code: 'process.not-found' })
    expect(node.state.kind).toBe('failed')
  })

  it('kills a process that does not end when asked', async () => {
    const { process: node, warnings } = supervise(`process.on('SIGTERM', () => {}); ${server}`, { stopGraceMs: 100 })
    await node.start()
    await node.stop()
    expect(node.state.kind).toBe('stopped')
    expect(warnings.join()).toContain('is killed')
  })

  it('can be stopped while it starts, and while it waits for the next try', async () => {
    const starting = supervise('setInterval(() => {}, 1000)')
    const start = starting.process.start()
    await eventually('it was launched', () => starting.launched.length === 1)
    await starting.process.stop()
    await expect(start).rejects.toMatchObject({ code: 'process.stopped' })
    expect(starting.process.state.kind).toBe('stopped')

    const waiting = supervise(server, { restart: { ...quick, firstDelayMs: 60_000, maxDelayMs: 60_000 }, random: () => 1 })
    await waiting.process.start()
    waiting.launched[0]?.kill()
    await eventually('it waits', () => waiting.process.state.kind === 'waiting')
    await waiting.process.stop()
    expect(waiting.process.state.kind).toBe('stopped')
    expect(waiting.launched).toHaveLength(1)
  })
})
