import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError, messageOf } from '../../shared/errors'
import { isDiskFull, isMissing, systemCodeOf } from '../../shared/system-error'
import type { ConfigChange } from './edit-config-text'
import { editConfigText } from './edit-config-text'
import { readText } from './read-config-file'

/** Older versions of the file that are kept: `config.yaml.bak.1` is the newest. */
const BACKUPS = 10
/** A writer that has not finished within this time (ms) was killed: what it left is taken away. */
const STALE_AFTER = 10_000
const RETRY_EVERY = 25

/** Names the state of a file: the SHA-256 of its text in hexadecimal; empty when there is no file. */
function baseOf(text: string | undefined): string {
  return text === undefined ? '' : createHash('sha256').update(text).digest('hex')
}

/** A `config.yaml` as text. `text` is empty when there is no file. Throws `config.unreadable-file`. */
export async function readConfigText(path: string): Promise<{ readonly text: string; readonly base: string }> {
  const text = await readText(path)
  return { text: text ?? '', base: baseOf(text) }
}

/**
 * Replaces a `config.yaml`: whole or not at all, mode 0600, the text before kept as a backup. A link stays a link.
 * @param base what `readConfigText` told of the text that the new one was made from.
 * Throws `config.changed-meanwhile` when the file is another by now, and `config.not-written` with cause and next step; the file is then as it was.
 */
export async function writeConfigText(path: string, text: string, base: string): Promise<{ readonly base: string }> {
  return replaceText(path, (before) => {
    if (baseOf(before) !== base) {
      throw new AppError('config.changed-meanwhile', `${path} has been changed by somebody else since it was read.`, {
        hint: 'Read it again, and make your change anew.',
      })
    }
    return text
  })
}

/** Changes some keys of a `config.yaml`, which is made when there is none. Throws as `writeConfigText`, and `config.broken-file`. */
export async function changeConfigFile(path: string, changes: readonly ConfigChange[]): Promise<{ readonly base: string }> {
  return replaceText(path, (before) => {
    try {
      return editConfigText(before ?? '', changes)
    } catch (error) {
      if (error instanceof AppError && error.code === 'config.broken-file') throw new AppError(error.code, `${path}, ${error.message}`, error)
      throw error
    }
  })
}

async function replaceText(path: string, change: (before: string | undefined) => string): Promise<{ readonly base: string }> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const target = await realpath(path).catch(() => path) // Not there yet, or told by the writing.
    const fresh = `${target}.new`
    const handle = await openFresh(fresh)
    try {
      const before = await readText(target)
      const after = change(before)
      await writeWhole(handle, after)
      await handle.close()
      if (before !== undefined && before !== after) await keepBackup(target, before)
      await rename(fresh, target)
      await syncFolder(dirname(target))
      return { base: baseOf(after) }
    } catch (error) {
      await handle.close()
      await rm(fresh, { force: true })
      throw error
    }
  } catch (error) {
    throw error instanceof AppError ? error : explain(error, path)
  }
}

/** The new file is the lock as well: only one writer can make it. */
async function openFresh(path: string): Promise<FileHandle> {
  for (;;) {
    try {
      return await open(path, 'wx', 0o600)
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error
      const age = await stat(path).then(
        (found) => Date.now() - found.mtimeMs,
        () => 0,
      )
      if (age > STALE_AFTER) await rm(path, { force: true })
      else await delay(RETRY_EVERY)
    }
  }
}

async function writeWhole(handle: FileHandle, text: string): Promise<void> {
  await handle.writeFile(text, 'utf8')
  await handle.sync()
}

async function keepBackup(path: string, text: string): Promise<void> {
  for (let number = BACKUPS - 1; number >= 1; number -= 1) {
    await rename(`${path}.bak.${number}`, `${path}.bak.${number + 1}`).catch(ignoreMissing)
  }
  const handle = await open(`${path}.bak.1`, 'w', 0o600)
  try {
    await writeWhole(handle, text)
  } finally {
    await handle.close()
  }
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error
}

/** Makes the rename last through a power loss. Folders cannot be opened on Windows, which needs it not. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function explain(error: unknown, path: string): AppError {
  const code = systemCodeOf(error)
  const [reason, hint] = isDiskFull(error)
    ? ['the disk is full', 'Make room and try again.']
    : code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
      ? ['this user may not write there', `Run: ls -ld ${dirname(path)}`]
      : code === 'ENOTDIR' || code === 'EEXIST'
        ? [`${dirname(path)} is not a folder`, 'Name another place with --data-dir or -c FILE.']
        : [messageOf(error), 'Look at the disk.']
  return new AppError('config.not-written', `${path} was not changed: ${reason}.`, { hint, cause: error })
}
