import { fork, spawn, type ChildProcess } from 'node:child_process'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { isNpm, isShell } from '../../../electron/process/parent-watch'
import { bundle, type Bundle } from '../../fixtures/bundle'
import { eventually, isRunning } from '../../fixtures/eventually'

let watcher: Bundle
beforeAll(async () => {
  watcher = await bundle('test/fixtures/programs/watcher.ts')
})
afterAll(() => watcher.remove())

const pids: number[] = []
afterEach(() => {
  for (const pid of pids.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended, as it should.
    }
  }
})

function firstNumber(child: ChildProcess): Promise<number> {
  return new Promise((resolve) =>
    child.stdout?.once('data', (chunk: Buffer) => {
      const pid = Number(chunk.toString())
      pids.push(pid)
      resolve(pid)
    }),
  )
}

/** A Node program that starts the watcher by `sh -c`, as npm does, and calls itself by `title`. */
function launcher(title: string, shell: string, sign: string): ChildProcess {
  const command = `${JSON.stringify(process.execPath)} ${JSON.stringify(watcher.file)} ${sign}`
  const script = `process.title = ${JSON.stringify(title)}; require('child_process').spawn('/bin/sh', ['-c', ${JSON.stringify(shell.replace('COMMAND', command))}], { stdio: 'inherit' }); setInterval(() => {}, 1000)`
  return spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'pipe'] })
}

describe('stopWhenParentIsGone', () => {
  it('sees the end of the message channel', async () => {
    const child = fork(watcher.file, ['channel'], { silent: true })
    const pid = await firstNumber(child)
    child.disconnect()
    await eventually('it has stopped', async () => !(await isRunning(pid)))
  })

  it('sees the end of standard input', async () => {
    const child = spawn(process.execPath, [watcher.file, 'stdin'], { stdio: ['pipe', 'pipe', 'inherit'] })
    const pid = await firstNumber(child)
    child.stdin.end()
    await eventually('it has stopped', async () => !(await isRunning(pid)))
  })

  it.runIf(process.platform === 'linux').each([
    ['npm itself', 'exec COMMAND'],
    ['a shell that npm started', 'COMMAND; exit $?'],
  ])('sees the death of npm when its parent is %s', async (_parent, shell) => {
    const npm = launcher('npm exec shoal serve', shell, 'npm')
    const pid = await firstNumber(npm)
    npm.kill('SIGKILL')
    await eventually('it has stopped', async () => !(await isRunning(pid)))
  })

  it.runIf(process.platform === 'linux')('sees the death of its direct parent, where asked to', async () => {
    const parent = launcher('whoever', 'exec COMMAND', 'parent')
    const pid = await firstNumber(parent)
    parent.kill('SIGKILL')
    await eventually('it has stopped', async () => !(await isRunning(pid)))
  })

  it.runIf(process.platform === 'linux')('goes on when a shell that is not of npm ends', async () => {
    const terminal = launcher('terminal', 'exec COMMAND', 'npm')
    const pid = await firstNumber(terminal)
    terminal.kill('SIGKILL')
    // Another watcher, begun later, has noticed its parent's death by then.
    const npm = launcher('npm exec shoal serve', 'exec COMMAND', 'npm')
    const other = await firstNumber(npm)
    npm.kill('SIGKILL')
    await eventually('the other has stopped', async () => !(await isRunning(other)))
    expect(await isRunning(pid)).toBe(true)
  })
})

describe('isNpm and isShell', () => {
  it.each([
    ['npm exec shoal serve', true],
    ['npm run start', true],
    ['/usr/bin/node /usr/lib/node_modules/npm/bin/npm-cli.js start', true],
    ['node /home/a/.yarn/yarn.js start', true],
    ['/usr/bin/node /srv/npmlike/server.js', false],
    ['bash', false],
  ])('%j: npm %s', (command, expected) => expect(isNpm(command)).toBe(expected))

  it.each([
    ['sh -c shoal serve', true],
    ['/bin/dash -c x', true],
    ['-bash', true],
    ['node shell.js', false],
    ['/usr/bin/sshd', false],
  ])('%j: shell %s', (command, expected) => expect(isShell(command)).toBe(expected))
})
