import { AppError } from '../../shared/errors'
import { ApiError } from '../http/reply/api-error'

/**
 * What clients are told when something could not be stored: that it may be tried again later, why, and what to do. A record that is too large
 * stays the caller's mistake; what is no failure of the ledger stays as it is.
 */
export function unavailable(what: string, error: unknown): Error {
  if (!(error instanceof AppError) || !error.code.startsWith('ledger.')) return error instanceof Error ? error : new Error(String(error))
  if (error.code === 'ledger.record-too-large') return new ApiError('BadRequest', `${what}: ${error.message}`, { component: 'JobStore' })
  return new ApiError('ServiceUnavailable', `${what} at the moment: ${error.message}`, {
    component: 'JobStore',
    hint: error.hint ?? 'Try again in a moment.',
  })
}
