import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { AppError, messageOf } from '../../../shared/errors'
import { isDiskFull } from '../../../shared/system-error'
import { DISK_FULL_HINT } from '../disk-full'

/** Unpacks a tar (or tar.gz) into `folder`. Nothing is written outside of it, and no links or devices are made. Throws AppError `storage.tar`. */
export async function unpackTar(archive: Uint8Array, folder: string, what: string): Promise<void> {
  const { extract } = await import('tar')
  const unpacking = extract({
    cwd: folder,
    strict: true,
    preserveOwner: false,
    filter: (_, entry) => !('type' in entry) || entry.type === 'File' || entry.type === 'OldFile' || entry.type === 'Directory',
  })
  // One bad entry may be followed by others: all of them are heard, the first is told.
  const done = new Promise<void>((resolve, reject) => {
    unpacking.on('error', reject)
    unpacking.on('close', () => resolve())
  })
  unpacking.end(Buffer.from(archive))
  try {
    await done
  } catch (error) {
    throw new AppError('storage.tar', `The archive of ${what} cannot be unpacked: ${messageOf(error)}.`, {
      hint: isDiskFull(error) ? DISK_FULL_HINT : 'Make it with `tar czf`, without absolute paths and without `..`.',
      cause: error,
    })
  }
}

/** Keeps no file in mind: one that has two names is packed twice, for clients (Bacalhau's too) take no links out of archives. */
class NoLinks extends Map<`${number}:${number}`, string> {
  override get(): undefined {
    return undefined
  }
}

/** Packs `entries` of `folder` (names of files and folders) into the gzipped tar `file`. Rejects with the system's error. */
export async function packTar(folder: string, entries: readonly string[], file: string): Promise<void> {
  const { create } = await import('tar')
  const output = createWriteStream(file, { mode: 0o600 })
  const packing = create({ cwd: folder, gzip: { level: 1 }, portable: true, follow: false, linkCache: new NoLinks() }, [...entries])
  packing.on('error', (error) => output.destroy(error instanceof Error ? error : new Error(String(error))))
  packing.pipe(output)
  await once(output, 'close')
  if (output.errored != null) throw output.errored
}
