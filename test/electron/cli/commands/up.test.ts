import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually, isRunning } from '../../../fixtures/eventually'
import { descendants } from '../../../fixtures/local-cluster'
import { makeShoalHome } from '../../../fixtures/shoal-command'
import type { ShoalHome, Started } from '../../../fixtures/shoal-command'

let home: ShoalHome
beforeEach(() => {
  home = makeShoalHome()
})
afterEach(() => home.remove())

const says = (started: Started, pattern: RegExp): Promise<string> =>
  eventually(`${pattern.source} in:\n${started.out()}${started.err()}`, () => pattern.exec(started.out())?.[0], 25_000)

async function allGone(pids: readonly number[]): Promise<void> {
  await eventually('every process is gone', async () => (await Promise.all(pids.map(isRunning))).every((runs) => !runs), 5000)
}

describe('shoal up', () => {
  it('brings up a cluster, shows its nodes, and takes all down at Ctrl-C', async () => {
    const started = home.start(['up', '--nodes', '2', '--local'])
    await says(started, /tide runs: API http:\/\/127\.0\.0\.1:\d+/)
    await says(started, /compute tide-a connected/)
    await says(started, /compute tide-b connected/)
    const api = /API http:\/\/127\.0\.0\.1:(\d+)/.exec(started.out())?.[1] ?? ''
    const listed = await home.run(['node', 'list', '--api-port', api, '--output', 'csv', '--show', 'version'])
    expect(listed.out).toMatch(/^tide-a,Compute,APPROVED,CONNECTED,/m)

    const pids = await descendants(started.child.pid ?? 0)
    expect(pids.length).toBeGreaterThanOrEqual(4)
    const config = join(home.home, '.shoal', 'clusters', 'tide', 'config.yaml')
    const token = (await home.run(['config', 'get', 'Orchestrator.Auth.Token', '-c', config])).out.trim()
    expect(token).toMatch(/^[\w-]{40,}$/)
    started.child.kill('SIGINT')
    const { code, out, err } = await started.ended
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/tide is stopped\n$/)
    expect(out).not.toContain(token)
    await allGone(pids)
  })

  it('takes the cluster up again, with its token, and leaves nothing when it is killed', async () => {
    const first = home.start(['up', '--local'])
    await says(first, /compute tide-a connected/)
    const file = join(home.home, '.shoal', 'clusters', 'tide', 'config.yaml')
    const before = readFileSync(file, 'utf8')
    const pids = await descendants(first.child.pid ?? 0)
    first.child.kill('SIGKILL')
    await first.ended
    await allGone(pids)
    const second = home.start(['up', '--local'])
    await says(second, /compute tide-a connected/)
    expect(readFileSync(file, 'utf8')).toBe(before)
    second.child.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
  })

  it('says why it cannot start, and leaves nothing behind', async () => {
    const running = home.start(['up', '--local'])
    await says(running, /tide runs/)
    const { code, err } = await home.run(['up', '--local'])
    expect(code).toBe(1)
    expect(err).toMatch(/^Error: .*in use/)
    running.child.kill('SIGINT')
    await running.ended
  })

  it('takes no flag that it would lose', async () => {
    const { code, err } = await home.run(['up', '-c', 'API.Port=1'])
    expect([code, err]).toEqual([1, expect.stringContaining('does not take -c API.Port')])
    expect(existsSync(join(home.home, '.shoal'))).toBe(false)
  })
})
