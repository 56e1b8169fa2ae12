import { readSync, writeSync } from 'node:fs'
import { AppError } from '../../../shared/errors'

/** Writes all of it or throws: on a disk that is nearly full the system writes a part and says so only in its answer. */
export function writeWhole(file: number | undefined, data: Uint8Array, at: number): void {
  if (file === undefined) throw new AppError('archive.closed', 'The archive of ended jobs is closed.')
  for (let done = 0; done < data.length;) done += writeSync(file, data, done, data.length - done, at + done)
}

/** Undefined when the file ends before. */
export function readWhole(file: number, at: number, length: number): Buffer | undefined {
  const data = Buffer.allocUnsafe(length)
  for (let done = 0; done < length;) {
    const read = readSync(file, data, done, length - done, at + done)
    if (read === 0) return undefined
    done += read
  }
  return data
}
