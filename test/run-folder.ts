import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where `os.tmpdir()` looks, on every system (https://nodejs.org/api/os.html#ostmpdir). */
const VARIABLES = ['TMPDIR', 'TEMP', 'TMP']

/** What the folder of a run is called, before its random end. */
export const RUN_FOLDER = 'shoal-tests-'

/**
 * Gives all temporary files of one run of the tests, and of the programs that they start, one folder. Its path is short: paths of sockets
 * that lie in it may have a hundred bytes. Vitest calls it by this name.
 *
 * @returns removes the folder, whatever the tests have left in it
 */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), RUN_FOLDER))
  for (const name of VARIABLES) process.env[name] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
