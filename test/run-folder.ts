import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where `os.tmpdir()` looks, on every system (https://nodejs.org/api/os.html#ostmpdir). */
const VARIABLES = ['TMPDIR', 'TEMP', 'TMP']

/**
 * Gives all temporary files of one run of the tests, and of the programs that they start, one folder. Its path is short: paths of sockets
 * that lie in it may have a hundred bytes.
 *
 * @returns removes the folder, whatever the tests have left in it
 */
export default function giveRunFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-tests-'))
  for (const name of VARIABLES) process.env[name] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
