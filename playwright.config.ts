import { basename } from 'node:path'
import { tmpdir } from 'node:os'
import { defineConfig } from '@playwright/test'
import { RUN_FOLDER, setup } from './test/run-folder'

// The workers read this file, too; they have the folder from their parent.
if (!basename(tmpdir()).startsWith(RUN_FOLDER)) process.on('exit', setup())

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test/e2e/results',
  workers: 1,
  retries: 0,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  projects: [
    { name: 'window', testIgnore: 'packaged.spec.ts' },
    // Drives the app that `npm run package -- --for-tests` has made, which the tests make on Linux.
    ...(process.platform === 'linux' ? [{ name: 'packaged', testMatch: 'packaged.spec.ts' }] : []),
  ],
  use: { trace: 'retain-on-failure' },
})
