import { mkdir } from 'node:fs/promises'
import { AppError, messageOf } from '../../../shared/errors'

/**
 * Unpacks a tar.gz into `folder`. Nothing is written outside of it: links, devices and paths that lead away are left out or refused. Resolves with how many
 * entries were left out. Throws `results.bad-archive`.
 */
export async function unpackResult(file: string, folder: string): Promise<number> {
  const { extract } = await import('tar')
  let leftOut = 0
  await mkdir(folder, { recursive: true })
  try {
    await extract({
      file,
      cwd: folder,
      strict: true,
      preserveOwner: false,
      filter: (_, entry) => {
        const isPlain = !('type' in entry) || entry.type === 'File' || entry.type === 'OldFile' || entry.type === 'Directory'
        if (!isPlain) leftOut += 1
        return isPlain
      },
    })
  } catch (error) {
    throw new AppError('results.bad-archive', `${file} cannot be unpacked: ${messageOf(error)}.`, {
      hint: 'Look at it by hand: it stays where it is.',
      cause: error,
    })
  }
  return leftOut
}
