import { spawn } from 'node:child_process'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle, type Bundle } from '../../fixtures/bundle'
import { eventually, isRunning } from '../../fixtures/eventually'
import { descendants, openYard, whenConnected, type ClusterYard } from '../../fixtures/local-cluster'

let yard: ClusterYard
let runner: Bundle
beforeAll(async () => {
  yard = await openYard()
  runner = await bundle('test/fixtures/programs/cluster-runner.ts')
}, 60_000)
afterAll(async () => {
  await yard.clear()
  runner.remove()
})

/** Starts a cluster in a process of its own and kills that at the given moment of its start: `running` is its first word. */
async function crash(
  name: string,
  when: (start: { readonly pid: number; readonly running: Promise<void> }) => Promise<unknown>,
): Promise<readonly number[]> {
  const child = spawn(process.execPath, [runner.file, path.join(yard.folder, name), path.resolve('dist/node.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const running = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()))
  const pid = child.pid!
  await when({ pid, running })
  const below = await descendants(pid)
  child.kill('SIGKILL')
  return below
}

test('a killed run leaves nothing running, and the next one takes its cluster up', async () => {
  const below = await crash('kelp', ({ running }) => running)
  expect(below.length).toBeGreaterThanOrEqual(3)
  const killedAt = performance.now()
  for (const pid of below) await eventually(`the end of process ${pid}`, async () => !(await isRunning(pid)), 2_000)
  expect(performance.now() - killedAt).toBeLessThan(2_000)

  const cluster = await yard.open('kelp')
  await cluster.start()
  await whenConnected(cluster, 'crashed-a')
})

test('neither does one that is killed while it starts', async () => {
  for (const count of [0, 1, 2, 3]) {
    const below = await crash('wrack', ({ pid }) =>
      eventually(`${count} processes below it`, async () => (await descendants(pid)).length >= count, 20_000),
    )
    for (const pid of below) await eventually(`the end of process ${pid}`, async () => !(await isRunning(pid)), 2_000)
  }
  // Whether it came to life under the name of the killed run or under this one: it is whole.
  const cluster = await yard.open('wrack')
  await cluster.start()
  await whenConnected(cluster, `${cluster.view.name}-a`)
})
