import { constants, promises as fs } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { AppError } from '../../../../shared/errors'

/** The file of a program: as a path from `cwd` when there is a slash in it, else looked for in `path`. Throws AppError `native.not-found`. */
export async function findProgram(name: string, path: string, cwd: string): Promise<string> {
  const candidates = /[/\\]/.test(name)
    ? [resolve(cwd, name)]
    : path.split(delimiter).flatMap((folder) => (folder === '' ? [] : [join(folder, name)]))
  for (const file of candidates) {
    const runnable = await fs.access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (runnable && (await fs.stat(file)).isFile()) return file
  }
  throw new AppError('native.not-found', `There is no program ${name} on this node that its user may run.`, {
    hint: 'Install it there, or choose nodes that have it by a label.',
  })
}
