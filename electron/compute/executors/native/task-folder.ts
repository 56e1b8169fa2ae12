import { promises as fs } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { AppError, messageOf } from '../../../../shared/errors'
import type { Mount, ResultFolder } from '../executor'
import { putDown } from '../put-down'

/**
 * The folder that a native program starts in: each input and each result stands in it at its target, as a link. A plain program sees all of the machine,
 * so `/in/book.txt` of the job is `in/book.txt` for it. Throws AppError `native.mount`.
 */
export async function makeTaskFolder(workDir: string, mounts: readonly Mount[], results: readonly ResultFolder[]): Promise<string> {
  const root = join(workDir, 'root')
  await fs.mkdir(root, { recursive: true, mode: 0o700 })
  await Promise.all(mounts.map(putDown))
  for (const { hostPath, target } of [...mounts, ...results]) {
    const at = join(root, posix.normalize(`/${target}`))
    try {
      await fs.mkdir(dirname(at), { recursive: true, mode: 0o700 })
      await fs.symlink(hostPath, at)
    } catch (error) {
      throw new AppError('native.mount', `${target} cannot be given to the program: ${messageOf(error)}.`, {
        hint: 'Choose targets that do not lie in each other.',
        cause: error,
      })
    }
  }
  return root
}
