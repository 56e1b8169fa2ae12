import { homedir } from 'node:os'
import type { HostLauncher } from '../local/hosts/host-launcher'
import type { CliIo } from './io'
import { flushed, outputTo } from './io'
import { reportError } from './output/report-error'

/**
 * Runs one command line. Resolves with the exit code (0, or 1 for any error) once everything is written; the caller then ends the process.
 * @param args without the program's own name.
 * @param launcher how `up` starts role hosts, where plain Node is not at hand.
 */
export async function runCli(args: readonly string[], env: CliIo['env'], launcher?: () => Promise<HostLauncher>): Promise<number> {
  const io: CliIo = { stdout: outputTo(process.stdout), stderr: outputTo(process.stderr), env, cwd: process.cwd(), homeDir: homedir() }
  try {
    return await run(args, io, launcher)
  } catch (error) {
    reportError(error, io)
    return 1
  } finally {
    await Promise.all([flushed(process.stdout), flushed(process.stderr)])
  }
}

/** A node must be up in no time: `serve` loads nothing that the other commands need. */
async function run(args: readonly string[], io: CliIo, launcher?: () => Promise<HostLauncher>): Promise<number> {
  const [command, ...rest] = args
  if (command === 'serve' && !rest.some((argument) => argument === '--help' || argument === '-h'))
    return (await import('./commands/serve')).serve(io, rest)
  return (await import('./run-program')).runProgram(args, io, launcher)
}
