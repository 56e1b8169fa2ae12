import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { readText } from './read-config-file'

/**
 * Variables for the configuration from a file `.env` in the working folder, as Bacalhau reads it. Only names that
 * can mean us are taken; the real environment wins over them. Throws `config.unreadable-file`.
 */
export async function readDotEnv(cwd: string): Promise<Readonly<Record<string, string>>> {
  const path = join(cwd, '.env')
  // A folder of that name is somebody's Python environment.
  const found = await stat(path).catch(() => undefined) // It need not be there.
  const text = found?.isFile() === true ? await readText(path) : undefined
  if (text === undefined) return {}
  const ours = Object.entries(parseEnv(text)).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && /^(SHOAL_|BACALHAU_|LOG_LEVEL$)/.test(entry[0]),
  )
  return Object.fromEntries(ours)
}
