/** What crosses every boundary (IPC, HTTP, process, command line) when a request cannot be met. */
export interface Failure {
  /** `topic.reason`, or one of Bacalhau's own codes (`NotFound`, `HandshakeRequired`, …) where a Bacalhau client reads it. */
  readonly code: string
  /** What was seen and the likely cause, in one or two sentences. Never contains a secret. */
  readonly message: string
  /** The next step, in the imperative. */
  readonly hint?: string
  readonly details?: Readonly<Record<string, string>>
}

interface AppErrorOptions {
  readonly hint?: string
  readonly details?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** A request that cannot be met, told so that a person can act on it. Anything else that is thrown is a bug. */
export class AppError extends Error implements Failure {
  override readonly name = 'AppError'
  readonly code: string
  readonly hint?: string
  readonly details?: Readonly<Record<string, string>>

  constructor(code: string, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    if (options.hint !== undefined) this.hint = options.hint
    if (options.details !== undefined) this.details = options.details
  }
}

/** What anything that was thrown says of itself. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The failure to send for anything that was thrown; a bug is shown as `internal`, with its own message. */
export function toFailure(error: unknown): Failure {
  if (error instanceof AppError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.details === undefined ? {} : { details: error.details }),
    }
  }
  return { code: 'internal', message: messageOf(error) }
}

/** The error to throw for a failure that came over a boundary. */
export function fromFailure(failure: Failure): AppError {
  return new AppError(failure.code, failure.message, failure)
}
