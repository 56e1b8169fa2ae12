import { constants, promises as fs } from 'node:fs'
import { basename, join, posix } from 'node:path'
import { AppError, messageOf } from '../../../../shared/errors'
import { systemCodeOf } from '../../../../shared/system-error'
import type { Mount, ResultFolder } from '../executor'
import { putDown } from '../put-down'
import { isUnder, normaliseTarget } from './guest-path'
import type { Preopen } from './messages'

interface PreopenSources {
  readonly mounts: readonly Mount[]
  readonly results: readonly ResultFolder[]
  readonly workDir: string
}

interface FilePlace {
  readonly mount: Mount
  readonly target: string
}

/**
 * The folders that a module is given. WASI knows folders only, so inputs that are single files are linked (or copied, from another disk) into a
 * read-only root folder, or a writable one of the file's own when it may be written. Results are given at their path and, as Bacalhau does it, at
 * `/<name>`. Throws AppError `wasm.mount`.
 */
export async function makePreopens({ mounts, results, workDir }: PreopenSources): Promise<readonly Preopen[]> {
  if (mounts.length === 0 && results.length === 0) return []
  await Promise.all(mounts.map(putDown))
  const folders = new Map<string, Preopen>()
  const files: FilePlace[] = []
  for (const mount of mounts) {
    const target = normaliseTarget(mount.target)
    if ((await fs.stat(mount.hostPath)).isDirectory()) folders.set(target, { guest: target, host: mount.hostPath, writable: mount.writable })
    else files.push({ mount, target })
  }
  for (const { name, hostPath, target } of results) {
    for (const guest of new Set([normaliseTarget(target), normaliseTarget(name)])) {
      if (!folders.has(guest)) folders.set(guest, { guest, host: hostPath, writable: true })
    }
  }
  if (files.length > 0) await stageFiles(files, folders, workDir)
  // The longest first: a runtime that takes the first fitting folder then takes the right one.
  return [...folders.values()].sort((a, b) => b.guest.length - a.guest.length)
}

async function stageFiles(files: readonly FilePlace[], folders: Map<string, Preopen>, workDir: string): Promise<void> {
  const ownFolders = new Map<string, string>()
  // Writable ones first: their folders hide what the root would have there.
  for (const { mount, target } of files.filter((file) => file.mount.writable)) {
    const parent = posix.dirname(target)
    if (parent === '/') throw atRoot(target)
    const own = ownFolders.get(parent) ?? join(workDir, 'files', parent)
    if (!ownFolders.has(parent) && isUnder([...folders.keys()], target)) throw insideFolder(target)
    await place(mount, join(own, basename(target)))
    ownFolders.set(parent, own)
    folders.set(parent, { guest: parent, host: own, writable: true })
  }
  const readOnly = files.filter((file) => !file.mount.writable)
  if (readOnly.length === 0) return
  const root = join(workDir, 'root')
  await fs.mkdir(root, { recursive: true, mode: 0o700 })
  for (const { mount, target } of readOnly) {
    if (isUnder([...folders.keys()], target)) throw insideFolder(target)
    await place(mount, join(root, target))
  }
  folders.set('/', { guest: '/', host: root, writable: false })
}

function atRoot(target: string): AppError {
  return new AppError('wasm.mount', `The input ${target} is a single file that may be written, right under the root folder.`, {
    hint: `Choose a target in a folder, such as /data${target}.`,
  })
}

async function place({ hostPath, writable, target }: Mount, at: string): Promise<void> {
  await fs.mkdir(join(at, '..'), { recursive: true, mode: 0o700 })
  const source = await fs.realpath(hostPath)
  try {
    await fs.link(source, at)
  } catch (error) {
    const code = systemCodeOf(error)
    if (writable || (code !== 'EXDEV' && code !== 'EPERM' && code !== 'EMLINK' && code !== 'EACCES')) {
      throw new AppError('wasm.mount', `The input ${target} cannot be given to the module: ${messageOf(error)}.`, {
        hint: 'Give its folder as the input instead of the file.',
        cause: error,
      })
    }
    await fs.copyFile(source, at, constants.COPYFILE_FICLONE)
  }
}

function insideFolder(target: string): AppError {
  return new AppError('wasm.mount', `The input ${target} lies inside another input or a result folder, which a module cannot be given.`, {
    hint: 'Choose a target outside of the other ones.',
  })
}
