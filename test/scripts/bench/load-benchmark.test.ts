import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { loadBenchmark } from '../../../scripts/bench/load-benchmark.mjs'

it('loads benchmarks in TypeScript, with the modules they import, and in JavaScript', async () => {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'shoal-bench-')), 'test', 'bench')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'timing.ts'), 'export const now = (): number => 7')
  writeFileSync(
    path.join(folder, 'a.bench.ts'),
    `import { now } from './timing'
     export async function measure({ root }: { root: string }): Promise<unknown[]> { return [{ name: root, unit: 'ms', value: now() }] }`,
  )
  writeFileSync(path.join(folder, 'b.bench.mjs'), `export const measure = async () => []`)
  const given = { root: 'here', bacalhau: undefined }
  expect(await (await loadBenchmark(pathToFileURL(path.join(folder, 'a.bench.ts'))))(given)).toEqual([{ name: 'here', unit: 'ms', value: 7 }])
  expect(await (await loadBenchmark(pathToFileURL(path.join(folder, 'b.bench.mjs'))))(given)).toEqual([])
})
