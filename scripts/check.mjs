// `npm run check`: types, lint, import zones and cycles, dead code, format, unit tests.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { staticChecks } from './check/static-checks.mjs'
import { runSteps } from './check/steps.mjs'
import { unitTests } from './check/test-runs.mjs'
import { buildWhatChanged } from './build.mjs'
import { orExplain, setUp } from './setup.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

await orExplain(() => setUp({ electron: false, quiet: true }))
const failed = await runSteps(root, staticChecks, 2)
if (!(await buildWhatChanged({ only: ['core'] }))) failed.push('build')
failed.push(...(await runSteps(root, [unitTests()])))
if (failed.length > 0) {
  process.stdout.write(`check: FAILED: ${failed.join(', ')}\n`)
  process.exit(1)
}
