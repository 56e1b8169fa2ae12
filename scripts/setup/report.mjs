/** What set-up could not do: which thing, why, and what to type. Shown without a stack. */
export class SetupError extends Error {
  /**
   * @param {string} message what is missing and why
   * @param {string} hint what to type next
   */
  constructor(message, hint) {
    super(message)
    this.name = 'SetupError'
    this.hint = hint
  }
}

/**
 * Says one line of progress. It goes to stderr, so that the output of a command that set-up precedes stays its own.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`set-up: ${line}\n`)
}

/**
 * @param {unknown} error
 * @returns {string} the first line of an error's text, for one line on the terminal
 */
export function firstLine(error) {
  const text = error instanceof Error ? error.message : String(error)
  return text.trim().split('\n')[0] ?? ''
}
