#!/usr/bin/env node
// `npx shoal` in a checkout: builds the command line when its sources have changed, then runs it in this very process, so that signals,
// exit code and the watch over the npm that started it are the command line's own.
import { createRequire } from 'node:module'
import { isFresh } from './build.mjs'

if (!isFresh('core')) {
  const { orExplain, setUp } = await import('./setup.mjs')
  await orExplain(() => setUp({ electron: false, quiet: true }))
  const { buildWhatChanged } = await import('./build.mjs')
  if (!(await buildWhatChanged({ only: ['core'] }))) process.exit(1)
}
createRequire(import.meta.url)('../dist/cli.js')
