import { AppError } from '../../../shared/errors'
import { statusOf } from '../../../shared/http/error-status'

/** The JSON that Bacalhau's clients read from any reply that is not 200. */
interface ErrorReply {
  readonly Status: number
  readonly Message: string
  readonly RequestID: string
  readonly Code: string
  readonly Component: string
  readonly Hint?: string
  readonly Details?: Readonly<Record<string, string>>
}

interface ApiErrorOptions {
  readonly hint?: string
  readonly details?: Readonly<Record<string, string>>
  readonly component?: string
  /** HTTP status, where it does not follow from the code. */
  readonly status?: number
}

/** A request that cannot be met, with what HTTP clients are told beside the message. */
export class ApiError extends AppError {
  readonly component: string
  readonly status: number

  constructor(code: string, message: string, options: ApiErrorOptions = {}) {
    super(code, message, options)
    this.component = options.component ?? 'APIServer'
    this.status = options.status ?? statusOf(code)
  }
}

/** A request whose query or body is malformed. Bacalhau gives such errors the code `InternalError`. */
export function malformed(message: string): ApiError {
  return new ApiError('InternalError', message, { status: 400 })
}

/** What a client is told about anything that was thrown. A bug's own text stays in the log. */
export function errorReply(error: unknown, requestId: string): ErrorReply {
  if (!(error instanceof AppError)) {
    return { Status: 500, Message: 'Internal server error', RequestID: requestId, Code: 'InternalError', Component: 'Unknown' }
  }
  return {
    Status: error instanceof ApiError ? error.status : statusOf(error.code),
    Message: error.message,
    RequestID: requestId,
    Code: error.code,
    Component: error instanceof ApiError ? error.component : 'Shoal',
    ...(error.hint === undefined ? {} : { Hint: error.hint }),
    ...(error.details === undefined ? {} : { Details: error.details }),
  }
}

/** For a path that no route has; also, as in Bacalhau, for a known path under another method. */
export function unknownRoute(): ApiError {
  return new ApiError('NotFound', 'The requested resource/URL was not found.', {
    hint: 'The server version may be older than this CLI version and does not support the endpoint yet.',
    details: {
      cli_usage: 'If you are using the CLI, try updating your server to a newer version or check if the command is supported in your server version.',
    },
  })
}
