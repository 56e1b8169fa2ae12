import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { AppError, messageOf } from '../../shared/errors'
import { isDiskFull } from '../../shared/system-error'
import { forgetPid, pidRecordPath } from '../process/pid-record'
import { diskFull } from './start-failure'

/** Under this there is no room to work in: the server would fail, or stop to store soon. */
const LEAST_FREE_BYTES = 4 * 1024 * 1024
const CONFIG_FILE = 'nats-server.conf'

/** The record of the server’s process: a later start ends one that was left over. */
export function serverPidRecord(runDir: string): string {
  return pidRecordPath(runDir, 'nats-server')
}

/** Makes the folder of the state log. Throws AppError `nats.store-unwritable` or `disk.full`. */
export async function prepareStore(storeDir: string): Promise<void> {
  try {
    await fs.mkdir(storeDir, { recursive: true, mode: 0o700 })
  } catch (cause) {
    if (isDiskFull(cause)) throw diskFull(storeDir, 0, cause)
    throw new AppError('nats.store-unwritable', `The state log cannot be kept in ${storeDir}: ${messageOf(cause)}.`, {
      hint: 'Give this user the right to the folder, or choose another data directory.',
      cause,
    })
  }
  const free = await freeBytes(storeDir)
  if (free < LEAST_FREE_BYTES) throw diskFull(storeDir, free)
}

/** Whether a server could work there. */
export async function hasRoom(storeDir: string): Promise<boolean> {
  return (await freeBytes(storeDir)) >= LEAST_FREE_BYTES
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await fs.statfs(folder)
  return bavail * bsize
}

/** Writes the configuration, mode 0600, and returns its path. A new file each time: the mode of one that lies there is not ours to trust. */
export async function writeServerConfig(runDir: string, text: string): Promise<string> {
  const path = join(runDir, CONFIG_FILE)
  try {
    await fs.mkdir(runDir, { recursive: true, mode: 0o700 })
    await fs.rm(path, { force: true })
    await fs.writeFile(path, text, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    if (isDiskFull(cause)) throw diskFull(runDir, 0, cause)
    throw new AppError('nats.run-dir', `The configuration of nats-server cannot be written to ${path}: ${messageOf(cause)}.`, {
      hint: 'Give this user the right to the folder, make room on its disk, or choose another data directory.',
      cause,
    })
  }
  return path
}

/** After its end: the secrets in the file are of no more use. */
export async function removeServerFiles(runDir: string): Promise<void> {
  forgetPid(serverPidRecord(runDir))
  await fs.rm(join(runDir, CONFIG_FILE), { force: true })
}
