// `npm test`: set-up, build, every check of the sources, the unit tests, and the real window under a virtual display.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildWhatChanged } from './build.mjs'
import { staticChecks } from './check/static-checks.mjs'
import { runSteps } from './check/steps.mjs'
import { counts, forgetReports, unitTests, unpackedApp, windowTests } from './check/test-runs.mjs'
import { startVirtualDisplay } from './check/virtual-display.mjs'
import { endWithNpm } from './launch/parent-watch.mjs'
import { orExplain, setUp } from './setup.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

// A process that ends by itself takes its steps and the display with it; one that is killed does not.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1))
endWithNpm()
await orExplain(() => setUp({ display: true }))
forgetReports(root)
const failed = (await buildWhatChanged()) ? [] : ['build']
failed.push(...(await runSteps(root, staticChecks, 2)))
failed.push(...(await runSteps(root, [unitTests()])))
// The tests' own display even where there is another: theirs has a known size, and nobody types into it.
const screen = process.platform === 'linux' ? await startVirtualDisplay() : { display: '', stop: () => {} }
failed.push(...(await runSteps(root, [...(process.platform === 'linux' ? [unpackedApp] : []), windowTests(screen.display)])))
screen.stop()

const { passed, failed: failedTests, skipped } = counts(root)
if (failed.length > 0) process.stdout.write(`test: FAILED: ${failed.join(', ')}\n`)
process.stdout.write(`${passed} passed, ${failedTests} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
process.exit(failed.length > 0 || failedTests > 0 || passed === 0 ? 1 : 0)
