#!/usr/bin/env node
// `npx shoal` in a checkout: builds the command line when its sources have changed, then runs it in this very process.
import { createRequire } from 'node:module'
import { isFresh } from './build.mjs'
import { endWithNpm } from './launch/parent-watch.mjs'

endWithNpm()
if (!isFresh('core')) {
  const { orExplain, setUp } = await import('./setup.mjs')
  await orExplain(() => setUp({ electron: false, quiet: true }))
  const { buildWhatChanged } = await import('./build.mjs')
  if (!(await buildWhatChanged({ only: ['core'] }))) process.exit(1)
}
createRequire(import.meta.url)('../dist/cli.js')
