import type { Failure } from '../../../shared/errors'

/** A failure as text for a report. Failures hold no secrets, so neither does the report. */
export function reportOf(title: string, failure: Failure): string {
  const details = Object.entries(failure.details ?? {}).map(([key, value]) => `${key}: ${value}`)
  return [title, failure.message, ...(failure.hint === undefined ? [] : [failure.hint]), `code: ${failure.code}`, ...details].join('\n')
}
