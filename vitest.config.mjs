import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))

export default defineConfig({
  define: { __SHOAL_VERSION__: JSON.stringify(version) },
  test: {
    environment: 'node',
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**'],
    globalSetup: 'test/run-folder.ts',
    pool: 'forks',
    maxWorkers: 2,
    // Real servers and processes start in tests, on machines that may be busy: a limit only keeps a hanging test from holding up the rest.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 15_000, interval: 20 } },
    restoreMocks: true,
    css: { modules: { classNameStrategy: 'non-scoped' } },
  },
})
