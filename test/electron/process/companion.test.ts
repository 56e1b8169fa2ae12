import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { forkCompanion } from '../../../electron/process/companion'

const folder = mkdtempSync(join(tmpdir(), 'companion-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('gives a companion nothing of the environment, which may hold secrets, and few heaps of the C library', async () => {
  const file = join(folder, 'tell-environment.cjs')
  writeFileSync(file, 'process.send(process.env)')
  vi.stubEnv('COMPANION_TEST_TOKEN', 'hidden')
  const child = forkCompanion([file])
  vi.unstubAllEnvs()
  const told = await new Promise<unknown>((resolve) => child.onMessage(resolve))
  expect(told).toMatchObject({ MALLOC_ARENA_MAX: '2' })
  expect(told).not.toHaveProperty('COMPANION_TEST_TOKEN')
  expect(told).not.toHaveProperty('PATH')
  child.kill()
  await child.exited
})
