import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { processesMarked } from '../../../electron/process/marked-processes'
import { type ProcessGroup, spawnGroup } from '../../../electron/process/process-group'
import { eventually, isRunning } from '../../fixtures/eventually'

let groups: ProcessGroup[] = []
afterEach(async () => {
  for (const group of groups) {
    group.signal('SIGKILL')
    await group.endStrays()
  }
  groups = []
})

function start(script: string, mark: string = randomUUID()): { readonly group: ProcessGroup; readonly text: () => string } {
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', MARK: mark }
  const group = spawnGroup({ file: '/bin/sh', args: ['-c', script], cwd: '/', env, mark: 'MARK' })
  groups.push(group)
  let text = ''
  group.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  group.stderr.resume()
  return { group, text: () => text }
}
const pidsIn = (text: () => string, count: number): Promise<readonly number[]> =>
  eventually(`${count} pids`, () => {
    const found = text().trim().split(/\s+/).filter(Boolean).map(Number)
    return found.length === count && found
  })
const ended = (pids: readonly number[], withinMs = 2000): Promise<void> =>
  eventually('the end of all', async () => !(await Promise.all(pids.map(isRunning))).includes(true), withinMs).then(() => undefined)

describe.skipIf(process.platform === 'win32')('a program in a group of its own', () => {
  it('tells how it ended, by code or by signal', async () => {
    expect(await start('exit 9').group.exited).toEqual({ code: 9, signal: null })
    expect(await start('kill -SEGV $$').group.exited).toEqual({ code: null, signal: 'SIGSEGV' })
  })

  it('gets its arguments and its environment as they are', async () => {
    const group = spawnGroup({
      file: '/bin/sh',
      args: ['-c', 'echo "$0|$1|$X"', 'two words', '$(no) "expansion"'],
      cwd: '/',
      env: { X: "it's", MARK: 'm' },
      mark: 'MARK',
    })
    groups.push(group)
    let text = ''
    for await (const chunk of group.stdout) text += String(chunk)
    expect(text).toBe('two words|$(no) "expansion"|it\'s\n')
  })

  it('goes with all of its children', async () => {
    const { group, text } = start('sleep 300 & echo $!; (sleep 300 & echo $!; wait) & echo $!; wait')
    const pids = await pidsIn(text, 3)
    group.signal('SIGKILL')
    await ended([group.pid, ...pids])
    // Nothing is left of it: that is no error.
    group.signal('SIGTERM')
  })

  it('says that it cannot be started', () => {
    expect(() => spawnGroup({ file: '/bin/sh', args: [], cwd: '/no/such/folder', env: { MARK: 'm' }, mark: 'MARK' })).toThrow(/could not be started/)
  })
})

describe.runIf(process.platform === 'linux')('those that leave the group', () => {
  it('are found by their mark, and ended with what they start', async () => {
    const mark = `m-${randomUUID()}`
    const { group, text } = start('setsid sh -c "sleep 300 & echo $$ \\$!; wait" & wait', mark)
    const [, pid = 0] = await pidsIn(text, 2)
    expect(await processesMarked(`MARK=${mark}`, group.pid)).toContain(pid)
    // A value that only begins like it is another one.
    expect(await processesMarked(`MARK=${mark.slice(0, -1)}`, group.pid)).toEqual([])
    group.signal('SIGKILL')
    await group.exited
    expect(await isRunning(pid)).toBe(true)
    await group.endStrays()
    await ended([pid])
    // What was ended may take a moment to go.
    await expect.poll(() => processesMarked(`MARK=${mark}`, 0)).toEqual([])
  })

  it('are found while they become other programs', async () => {
    const mark = `m-${randomUUID()}`
    // Each becomes the next one as soon as it has begun.
    const next = 'exec /bin/sh -c "$NEXT"'
    const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', MARK: mark, NEXT: next }
    const group = spawnGroup({ file: '/bin/sh', args: ['-c', next], cwd: '/', env, mark: 'MARK' })
    groups.push(group)
    for (let look = 0; look < 100; look += 1) expect(await processesMarked(`MARK=${mark}`, group.pid - 1)).toContain(group.pid)
  })

  it('of other programs are let be', async () => {
    const [mine, other] = [start('setsid sleep 300 & echo $!; wait'), start('setsid sleep 300 & echo $!; wait')]
    const [[one = 0], [two = 0]] = [await pidsIn(mine.text, 1), await pidsIn(other.text, 1)]
    mine.group.signal('SIGKILL')
    await mine.group.exited
    await mine.group.endStrays()
    await ended([one])
    expect(await isRunning(two)).toBe(true)
  })
})
