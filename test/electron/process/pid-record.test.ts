import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { spawnChild, type SpawnedChild } from '../../../electron/process/child'
import { endLeftovers, forgetPid, pidRecordPath } from '../../../electron/process/pid-record'
import { eventually, isRunning } from '../../fixtures/eventually'

let dir: string
const children: SpawnedChild[] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pids-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill()
    await child.exited
  }
  rmSync(dir, { recursive: true, force: true })
})

/** A program with a record, running for real (no longer the wrapper that started it). */
async function recorded(script = 'setInterval(() => {}, 1000); console.log("up")'): Promise<SpawnedChild> {
  const child = spawnChild({ file: process.execPath, args: ['-e', script], lifeline: true, pidRecord: pidRecordPath(dir, 'node') })
  children.push(child)
  await eventually('it is up', () => child.lastLines().includes('up'))
  await eventually('its record is whole', () => 'startTime' in (JSON.parse(readFileSync(pidRecordPath(dir, 'node'), 'utf8')) as object))
  return child
}

function tamper(change: object): void {
  const path = pidRecordPath(dir, 'node')
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...change }))
}

describe('endLeftovers', () => {
  it('ends what was left, and forgets it', async () => {
    const child = await recorded()
    expect(await endLeftovers(dir)).toEqual([{ name: 'node', pid: child.pid, outcome: 'ended' }])
    expect((await child.exited).signal).toBe('SIGTERM')
    expect(await endLeftovers(dir)).toEqual([])
  })

  it('kills what does not end when asked', async () => {
    const child = await recorded('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")')
    expect(await endLeftovers(dir, { graceMs: 50 })).toEqual([{ name: 'node', pid: child.pid, outcome: 'ended' }])
    expect((await child.exited).signal).toBe('SIGKILL')
  })

  it('leaves a process alone that only has the pid of the recorded one', async () => {
    const child = await recorded()
    tamper({ startTime: 'another life' })
    expect(await endLeftovers(dir)).toEqual([{ name: 'node', pid: child.pid, outcome: 'gone' }])
    expect(await isRunning(child.pid)).toBe(true)
  })

  it('leaves a process alone that is another program', async () => {
    const child = await recorded()
    tamper({ exe: '/usr/bin/somebody-elses' })
    await endLeftovers(dir)
    expect(await isRunning(child.pid)).toBe(true)
  })

  it('says that one has ended by itself', async () => {
    const child = await recorded()
    child.kill()
    await child.exited
    expect(await endLeftovers(dir)).toEqual([{ name: 'node', pid: child.pid, outcome: 'gone' }])
  })

  it.each(['', '{"pid":', '{"pid":-1,"exe":"x"}', '[]'])('passes over a record that was cut off or is none: %j', async (text) => {
    writeFileSync(pidRecordPath(dir, 'node'), text)
    expect(await endLeftovers(dir)).toEqual([])
    expect(existsSync(pidRecordPath(dir, 'node'))).toBe(false)
  })

  it('finds nothing in a folder that is not there', async () => {
    expect(await endLeftovers(join(dir, 'nowhere'))).toEqual([])
  })
})

describe('forgetPid', () => {
  it('does not mind a record that is gone', () => {
    forgetPid(pidRecordPath(dir, 'nobody'))
    expect(existsSync(pidRecordPath(dir, 'nobody'))).toBe(false)
  })
})
