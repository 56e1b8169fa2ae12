import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { AppError } from '../../shared/errors'

/** A nats-server that was found and has told its version. */
export interface NatsBinary {
  readonly path: string
  /** `2.15.1` */
  readonly version: string
}

/** Where nats-server is looked for. */
export interface BinarySearch {
  /** Where ours may lie, the best first. */
  readonly candidates: readonly string[]
  /** The value of PATH, looked through after them. */
  readonly path: string
  readonly platform?: NodeJS.Platform
}

/** Auth callout and `sync_interval: always` work as the gate and the ledger need from here on. */
const OLDEST = [2, 11] as const

/** The first nats-server that runs and is new enough. Throws AppError `nats.missing`, `nats.too-old` or `nats.unusable`. */
export async function findNatsServer({ candidates, path, platform = process.platform }: BinarySearch): Promise<NatsBinary> {
  const name = platform === 'win32' ? 'nats-server.exe' : 'nats-server'
  const onPath = path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
  const rejected: string[] = []
  let tooOld = false
  for (const file of [...candidates, ...onPath].filter(isExecutable)) {
    const said = await versionOf(file)
    const version = parseVersion(said)
    if (version !== undefined && isNewEnough(version)) return { path: file, version }
    tooOld ||= version !== undefined
    rejected.push(version === undefined ? `${file} does not run (${said.trim().split('\n', 1)[0] ?? ''})` : `${file} is ${version}`)
  }
  const wanted = `nats-server ${OLDEST.join('.')} or newer`
  const hint = `Run the set-up again (npm run setup), or install ${wanted} and put it on PATH.`
  if (rejected.length === 0) throw new AppError('nats.missing', 'There is no nats-server on this machine.', { hint })
  throw new AppError(tooOld ? 'nats.too-old' : 'nats.unusable', `An orchestrator needs ${wanted}; found: ${rejected.join('; ')}.`, { hint })
}

/** `nats-server: v2.15.1` */
export function parseVersion(output: string): string | undefined {
  return /nats-server: v(\d+\.\d+\.\d+\S*)/.exec(output)?.[1]
}

/** Whether it is 2.11 or newer. `version`: three numbers with dots. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false // Not there, or not for us: the next place may have it.
  }
}

/** What it prints, or why it does not run. */
function versionOf(file: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(file, ['--version'], { timeout: 5000, windowsHide: true }, (error, stdout) => resolve(error === null ? stdout : error.message))
  })
}
