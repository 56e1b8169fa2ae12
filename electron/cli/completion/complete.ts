import { noFlags } from '../../config/parsed-flags'
import type { CliIo } from '../io'
import { createProgram } from '../program'
import { createSession } from '../session'
import { candidates } from './candidates'

/** Prints what the last of `words` may become, one a line, for the script of a shell. Resolves with the exit code. */
export function complete(io: CliIo, words: readonly string[]): number {
  const program = createProgram(createSession(io, noFlags), { done: () => undefined })
  for (const candidate of candidates(program, words)) io.stdout.write(`${candidate}\n`)
  return 0
}
