import { AppError, messageOf } from '../../../shared/errors'
import { printableLines } from '../../../shared/printable-text'
import type { CliIo } from '../io'
import { styled, wantsStyle } from './style'

/**
 * Tells an error on standard error: what was seen, and the next step. A bug is told as one, with its stack when LOG_LEVEL is
 * debug or trace.
 */
export function reportError(error: unknown, io: Pick<CliIo, 'stderr' | 'env'>): void {
  const colour = wantsStyle(io.stderr, io.env)
  const line = (head: string, style: 'red' | 'green', text: string): void =>
    io.stderr.write(`${styled(head, style, colour)} ${printableLines(text)}\n`)
  if (error instanceof AppError) {
    line('Error:', 'red', error.message)
    if (error.hint !== undefined) line('Hint:', 'green', error.hint)
  } else {
    line('Error:', 'red', `internal error: ${messageOf(error)}`)
    line('Hint:', 'green', 'This is a fault of Shoal itself. Set LOG_LEVEL=debug to see where it happened.')
  }
  if (['debug', 'trace'].includes((io.env['LOG_LEVEL'] ?? '').toLowerCase()) && error instanceof Error) {
    io.stderr.write(`${error.stack ?? ''}\n${error.cause instanceof Error ? `caused by: ${error.cause.stack ?? error.cause.message}\n` : ''}`)
  }
}
