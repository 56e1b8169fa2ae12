import { AppError, toFailure } from '../../../shared/errors'
import { bacErrorFacts, type BacError } from '../../../shared/wire/bac-error'
import { metadataKeys } from './envelope'

interface BacErrorReply {
  readonly type: 'BacError'
  readonly payload: BacError
  readonly metadata: Readonly<Record<string, string>>
}

/** The reply for a request that failed. `code` is empty for what Bacalhau tells without one. */
export function bacErrorReply(
  cause: string,
  code: string,
  { hint = '', details = null }: { readonly hint?: string; readonly details?: Readonly<Record<string, string>> | null } = {},
): BacErrorReply {
  const facts = bacErrorFacts(code)
  return {
    type: 'BacError',
    payload: {
      Cause: cause,
      Hint: hint,
      Retryable: facts.retryable,
      FailsExecution: false,
      Component: facts.component,
      HTTPStatusCode: facts.explicitStatus,
      Details: details === null ? null : { ...details },
      Code: code,
    },
    metadata: { [metadataKeys.statusCode]: String(facts.status), [metadataKeys.errorCode]: code },
  }
}

/** The reply for whatever a handler threw: an AppError speaks for itself, anything else is a failure to process. */
export function thrownReply(error: unknown): BacErrorReply {
  if (error instanceof AppError)
    return bacErrorReply(error.message, error.code, { ...(error.hint === undefined ? {} : { hint: error.hint }), details: error.details ?? null })
  return bacErrorReply(`failed to process request: ${toFailure(error).message}`, '')
}

/** The error that a `BacError` reply tells of; its code is Bacalhau's, `bacalhau.error` where it has none. */
export function errorOfReply({ Cause, Code, Hint, Details }: BacError): AppError {
  return new AppError(Code === '' ? 'bacalhau.error' : Code, Cause === '' ? 'the other side gave no reason' : Cause, {
    ...(Hint === '' ? {} : { hint: Hint }),
    ...(Details === null || Details === undefined ? {} : { details: Details }),
  })
}
