import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { identifyProcess, parseProcStat } from '../../../electron/process/process-identity'

describe('parseProcStat', () => {
  it('is not misled by a name with blanks and brackets', () => {
    const stat = '71 (we) (ird) S 7 71 71 0 -1 4194304 100 0 0 0 1 2 0 0 20 0 1 0 987654 1000 10'
    expect(parseProcStat(stat)).toEqual({ name: 'we) (ird', state: 'S', parentPid: 7, startTicks: '987654' })
  })
})

describe('identifyProcess', () => {
  it('tells the same of a process whenever it is asked', async () => {
    const first = await identifyProcess(process.pid)
    expect(first).toMatchObject({ pid: process.pid, exe: realpathSync(process.execPath) })
    expect(await identifyProcess(process.pid)).toEqual(first)
  })

  it('knows nothing of a process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await new Promise((resolve) => child.once('exit', resolve))
    expect(await identifyProcess(child.pid ?? 0)).toBeUndefined()
  })
})
