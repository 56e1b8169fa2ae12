import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { AppError, messageOf } from '../../../shared/errors'
import { isDiskFull, isMissing, systemCodeOf } from '../../../shared/system-error'
import { DISK_FULL_HINT } from '../disk-full'
import { outputFiles } from '../executors/output-store'
import { packTar } from '../storage/tar-archive'
import type { FinishedWork } from './publisher'
import { giveReadableNames } from './readable-names'

/**
 * Packs `stdout`, `stderr`, `exitCode` and a folder for each result path into `file`, whole or not at all. `scratch` is a folder for what is made on the
 * way. Throws AppError `publisher.pack`.
 */
export async function packResults(work: FinishedWork, file: string, scratch: string): Promise<void> {
  const part = `${file}.part`
  try {
    await fs.mkdir(scratch, { recursive: true, mode: 0o700 })
    for (const name of [outputFiles.stdout, outputFiles.stderr]) await linkOrMake(join(work.outputFolder, name), join(scratch, name))
    await fs.writeFile(join(scratch, 'exitCode'), String(work.exitCode))
    for (const { name, hostPath } of work.results) await fs.rename(hostPath, join(scratch, safeName(name)))
    try {
      for (const { name } of work.results) await giveReadableNames(join(scratch, safeName(name)))
      await packTar(scratch, ['stdout', 'stderr', 'exitCode', ...work.results.map(({ name }) => safeName(name))], part)
    } finally {
      for (const { name, hostPath } of work.results) await fs.rename(join(scratch, safeName(name)), hostPath)
    }
    await fs.rename(part, file)
  } catch (error) {
    await fs.rm(part, { force: true })
    throw new AppError('publisher.pack', `The results of ${work.executionId} cannot be packed: ${messageOf(error).replace(/\.$/, '')}.`, {
      hint: hintFor(error),
      cause: error,
    })
  } finally {
    await fs.rm(scratch, { recursive: true, force: true })
  }
}

const TOO_LONG_HINT = 'Let the program nest its folders less deeply, or give them shorter names: a path may have some 4,000 bytes.'

function hintFor(error: unknown): string {
  if (isDiskFull(error)) return DISK_FULL_HINT
  return systemCodeOf(error) === 'ENAMETOOLONG' ? TOO_LONG_HINT : 'Look whether the data directory of the node may be written to.'
}

/** Output of an execution stays where it is, too: a link costs nothing. */
async function linkOrMake(from: string, to: string): Promise<void> {
  try {
    await fs.link(from, to)
  } catch (error) {
    if (isMissing(error)) await fs.writeFile(to, '')
    else await fs.copyFile(from, to)
  }
}

/** A result's name as one part of a path. */
function safeName(name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name) || ['stdout', 'stderr', 'exitCode'].includes(name)) {
    throw new AppError('publisher.result-name', `A result cannot be called ${JSON.stringify(name)}.`, {
      hint: 'Give ResultPaths names without slashes.',
    })
  }
  return name
}
