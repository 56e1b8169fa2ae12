import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorkerPool } from '../../../../../electron/compute/executors/wasm/worker-pool'
import { type Bundle, bundle } from '../../../../fixtures/bundle'
import { eventually } from '../../../../fixtures/eventually'

let worker: Bundle
beforeAll(async () => {
  worker = await bundle('electron/wasm-worker.ts')
})
afterAll(() => worker.remove())

it('has a thread for each run of a burst, and lets all but the warm ones go soon after it', async () => {
  const pool = createWorkerPool({ workerFile: worker.file, warm: 1, keepMs: 100 })
  const entry = await WebAssembly.compile(readFileSync(join(import.meta.dirname, '../../../../fixtures/wasm/tiny.wasm')))
  const run = (): Promise<unknown> =>
    new Promise((resolve) => {
      const task = { entry, memories: [], imports: [], entrypoint: '_start', args: [], env: {}, preopens: [] }
      pool.run(task, { onOutput: () => undefined, onEnd: resolve })
    })
  const runs = Array.from({ length: 6 }, run)
  expect(pool.idle).toBe(0)
  expect(await Promise.all(runs)).toEqual(runs.map(() => ({ kind: 'exited', exitCode: 0 })))
  await eventually('all but the warm one are gone', () => pool.idle === 1)
  expect(await run()).toEqual({ kind: 'exited', exitCode: 0 })
  await pool.close()
})
