import { homedir } from 'node:os'
import { AppError } from '../../shared/errors'
import type { HostLauncher } from '../local/hosts/host-launcher'
import { COMPLETE } from './completion/scripts'
import type { CliIo } from './io'
import { outputTo } from './io'
import { reportError } from './output/report-error'

/**
 * Runs one command line. Resolves with the exit code (0, or 1 for any error, also when not all could be written) once everything is written; the caller then ends the process.
 * @param args without the program's own name.
 * @param launcher how `up` starts role hosts, where plain Node is not at hand.
 */
export async function runCli(args: readonly string[], env: CliIo['env'], launcher?: () => Promise<HostLauncher>): Promise<number> {
  const stdout = outputTo(process.stdout, 'standard output')
  const stderr = outputTo(process.stderr, 'standard error')
  const outputs = { stdout, stderr, env }
  let exitCode: number
  try {
    exitCode = await run(args, { ...outputs, cwd: workingFolder(), homeDir: homedir() }, launcher)
  } catch (error) {
    reportError(error, outputs)
    exitCode = 1
  }
  await stdout.flushed()
  if (stdout.failure !== undefined) {
    reportError(stdout.failure, outputs)
    exitCode = 1
  }
  await stderr.flushed()
  return exitCode
}

/** @throws AppError `cli.no-working-folder` when it was removed while a shell stands in it */
function workingFolder(): string {
  try {
    return process.cwd()
  } catch (cause) {
    throw new AppError('cli.no-working-folder', 'The folder that this command was started in is gone.', {
      hint: 'Change to a folder that exists: cd ~',
      cause,
    })
  }
}

/** A node must be up in no time: `serve` loads nothing that the other commands need. */
async function run(args: readonly string[], io: CliIo, launcher?: () => Promise<HostLauncher>): Promise<number> {
  const [command, ...rest] = args
  if (command === 'serve' && !rest.some((argument) => argument === '--help' || argument === '-h'))
    return (await import('./commands/serve')).serve(io, rest)
  if (command === COMPLETE) return (await import('./completion/complete')).complete(io, rest)
  return (await import('./run-program')).runProgram(args, io, launcher)
}
