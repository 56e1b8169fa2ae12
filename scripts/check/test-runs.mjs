import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const UNIT_REPORT = 'node_modules/.cache/shoal/unit-tests.json'
const WINDOW_REPORT = 'node_modules/.cache/shoal/window-tests.json'
/** Where Playwright keeps what it has made of the sources of tests: the system's temporary folder unless it is told. */
const SOURCES_CACHE = 'node_modules/.cache/shoal/window-test-sources'

/**
 * The unit tests, as a step whose counts can be read afterwards.
 *
 * @returns {import('./steps.mjs').Step}
 */
export function unitTests() {
  return { name: 'unit tests', show: true, command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${UNIT_REPORT}`] }
}

/**
 * The app as it is packaged, for the tests that drive it.
 *
 * @type {import('./steps.mjs').Step}
 */
export const unpackedApp = { name: 'unpacked app', command: ['node', 'scripts/package.mjs', '--for-tests'] }

/**
 * The tests that drive the real window.
 *
 * @param {string} display of an X server, like `:99`; empty where the system has a display of its own kind
 * @returns {import('./steps.mjs').Step}
 */
export function windowTests(display) {
  return {
    name: 'window tests',
    show: true,
    command: ['playwright', 'test', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: WINDOW_REPORT, PLAYWRIGHT_TRANSFORM_CACHE_DIR: SOURCES_CACHE, ...(display !== '' && { DISPLAY: display }) },
  }
}

/** @param {string} root the checkout */
export function forgetReports(root) {
  for (const file of [UNIT_REPORT, WINDOW_REPORT]) rmSync(join(root, file), { force: true })
}

/**
 * Adds up what the runners reported.
 *
 * @param {string} root the checkout
 * @returns {{passed: number, failed: number, skipped: number}}
 */
export function counts(root) {
  const unit = read(root, UNIT_REPORT)
  const window = read(root, WINDOW_REPORT)?.stats
  return {
    passed: (unit?.numPassedTests ?? 0) + (window?.expected ?? 0),
    failed: (unit?.numFailedTests ?? 0) + (window?.unexpected ?? 0) + (window?.flaky ?? 0),
    skipped: (unit?.numPendingTests ?? 0) + (unit?.numTodoTests ?? 0) + (window?.skipped ?? 0),
  }
}

/** A run that broke off leaves no report: its step has failed, and counts nothing. */
function read(root, file) {
  const path = join(root, file)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}
