import { readFile } from 'node:fs/promises'
import type { ConfigProblem } from '../../shared/cluster'
import { AppError } from '../../shared/errors'
import type { TextValue } from './parse-config-text'

export interface ConfigFile {
  readonly path: string
  readonly values: readonly TextValue[]
  /** Unknown keys and the like; never errors. */
  readonly warnings: readonly ConfigProblem[]
  readonly empty: boolean
}

/**
 * Reads one file of the configuration. Undefined when there is none. Throws `config.unreadable-file`, and `config.broken-file` with line,
 * column and reason of the first fault. A broken file is left as it is.
 */
export async function readConfigFile(path: string): Promise<ConfigFile | undefined> {
  const text = await readText(path)
  if (text === undefined) return undefined
  // Most starts of a node have no file: the YAML library is loaded only for those that do.
  const { parseConfigText } = await import('./parse-config-text')
  const { values, problems, empty } = parseConfigText(text)
  const faults = problems.filter((problem) => problem.severity === 'error')
  const [first] = faults
  if (first !== undefined) {
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''
    throw new AppError('config.broken-file', `${path}, line ${first.line}, column ${first.column}: ${first.message}${more}`, {
      hint: 'Correct the line. The file was left as it is.',
      details: { path, line: String(first.line), column: String(first.column) },
    })
  }
  return { path, values, warnings: problems, empty }
}

/** The text of a file; undefined when there is none. Throws `config.unreadable-file` with the cause and the next step. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    const bytes = await readFile(path)
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    const [reason, hint] =
      code === 'EISDIR'
        ? ['it is a folder', 'Name a file.']
        : code === 'EACCES' || code === 'EPERM'
          ? ['this user may not read it', `Run: ls -l ${path}`]
          : error instanceof TypeError
            ? ['it is not UTF-8 text', 'Save it as UTF-8.']
            : [error instanceof Error ? error.message : String(error), 'Look at the disk.']
    throw new AppError('config.unreadable-file', `${path} cannot be read: ${reason}.`, { hint, cause: error })
  }
}
