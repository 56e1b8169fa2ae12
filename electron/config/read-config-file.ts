import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ConfigProblem } from '../../shared/cluster'
import { AppError, messageOf } from '../../shared/errors'
import { leadsNowhere, systemCodeOf } from '../../shared/system-error'
import type { TextValue } from './parse-config-text'

/** A `config.yaml` as read. `empty`: there is nothing in it. */
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
export async function readConfigFile(path: string, from: { readonly pipes?: boolean } = {}): Promise<ConfigFile | undefined> {
  const text = await readText(path, from)
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

/** Far above any configuration that people or programs write. */
const MOST_BYTES = 4 * 1024 * 1024

/**
 * The text of a file; undefined when there is none. Throws `config.unreadable-file` with the cause and the next step: also for a
 * pipe (a shell makes such, `<(…)`, but only for what somebody names) and for what is too long to be a configuration.
 * @param pipes whether a pipe will do, too.
 */
export async function readText(path: string, { pipes = false }: { readonly pipes?: boolean } = {}): Promise<string | undefined> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readBounded(path, pipes))
  } catch (error) {
    if (leadsNowhere(error)) return undefined
    const [reason, hint] = explain(error, path)
    throw new AppError('config.unreadable-file', `${path} cannot be read: ${reason}.`, { hint, cause: error })
  }
}

class Unfit extends Error {}

async function readBounded(path: string, pipes: boolean): Promise<Uint8Array> {
  // Without waiting: a pipe that nobody writes to would hold up the opening for ever.
  const file = await open(path, pipes ? 'r' : constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const kind = await file.stat()
    if (kind.isFIFO() ? !pipes : kind.isSocket() || kind.isBlockDevice()) throw new Unfit('it is no file, but a pipe, a socket or a disk')
    const chunks: Buffer[] = []
    let length = 0
    for (;;) {
      const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(64 * 1024) })
      if (bytesRead === 0) return Buffer.concat(chunks)
      length += bytesRead
      if (length > MOST_BYTES) throw new Unfit(`it is longer than ${MOST_BYTES / 1024 / 1024} MiB`)
      chunks.push(buffer.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}

function explain(error: unknown, path: string): readonly [reason: string, hint: string] {
  switch (systemCodeOf(error)) {
    case 'EISDIR':
      return ['it is a folder', 'Name a file.']
    case 'EACCES':
    case 'EPERM':
      return ['this user may not read it', `Run: ls -l ${path}`]
    case 'ELOOP':
      return ['it is a link that leads back to itself', `Run: ls -l ${path}`]
    case 'ENXIO':
      return ['it is no file, but a socket', `Run: ls -l ${path}`]
    default:
      if (error instanceof Unfit) return [error.message, `Put a configuration in its place, or look at it: ls -l ${path}`]
      if (error instanceof TypeError) return ['it is not UTF-8 text', 'Save it as UTF-8.']
      return [messageOf(error), 'Look at the disk.']
  }
}
