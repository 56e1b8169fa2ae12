import { AppError } from '../../../shared/errors'
import { commands, type CommandName, type Handlers } from '../../../shared/ipc'
import type { Logger } from '../../log/logger'

/** Answers commands of the contract: a known name, an input that fits, then its handler. What is not an AppError is a bug and logged whole. */
export function createAnswer(handlers: Handlers, log: Logger): (name: unknown, input: unknown) => Promise<unknown> {
  return async (name, input) => {
    if (!isCommandName(name))
      throw new AppError('ipc.unknown-command', 'The window asked for something that this version does not know.', { hint: 'Restart the app.' })
    const checked = commands[name].input.safeParse(input)
    if (!checked.success) {
      const first = checked.error.issues[0]
      throw new AppError(
        'ipc.bad-input',
        `The input of ${name} does not fit: ${first?.path.join('.') || 'input'}: ${first?.message ?? 'unreadable'}.`,
      )
    }
    try {
      // The schema of `name` has just checked the input for the handler of `name`; the compiler cannot tie the two over a union.
      return await (handlers[name] as (input: unknown) => unknown)(checked.data)
    } catch (error) {
      if (!(error instanceof AppError)) log.error('A command failed unexpectedly.', { command: name, stack: stackOf(error) })
      throw error
    }
  }
}

function isCommandName(name: unknown): name is CommandName {
  return typeof name === 'string' && Object.hasOwn(commands, name)
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
