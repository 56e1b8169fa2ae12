import { existsSync } from 'node:fs'
import type { Resources } from '../../../../shared/models/resources'

/** A command line: the program and its arguments. */
type CommandLine = readonly [string, ...string[]]

const PRLIMIT = ['/usr/bin/prlimit', '/bin/prlimit']

/** The program of util-linux that sets limits; undefined where there is none (macOS, Windows). */
export function findPrlimit(exists: (path: string) => boolean = existsSync): string | undefined {
  return PRLIMIT.find(exists)
}

/**
 * The command with limits on each of its processes: the data that it may have in memory, and no core dumps. Address space is not limited: many runtimes
 * reserve far more of it than they use.
 */
export function withLimits(command: CommandLine, resources: Resources, prlimit: string | undefined): CommandLine {
  if (prlimit === undefined) return command
  const memory = resources.Memory ?? 0
  return [prlimit, '--core=0', ...(memory > 0 ? [`--data=${memory}`] : []), '--', ...command]
}
