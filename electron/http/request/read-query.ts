import type { z } from 'zod'
import { matchKeys } from '../../../shared/go-json'
import { malformed } from '../reply/api-error'

/**
 * Checks a query string against the route's schema as Bacalhau's binder does: unknown keys are ignored, keys count in any case, and of
 * a key that is given several times the first counts, unless the route takes a list.
 * @throws ApiError 400
 */
export function readQuery(schema: z.ZodType | undefined, search: string): unknown {
  if (schema === undefined) return undefined
  const values: Record<string, string | string[]> = {}
  for (const [key, value] of new URLSearchParams(search)) {
    const before = Object.hasOwn(values, key) ? values[key] : undefined
    values[key] = before === undefined ? value : typeof before === 'string' ? [before, value] : [...before, value]
  }
  const first = schema.safeParse(matchKeys(schema, values))
  if (first.success) return first.data
  for (const issue of first.error.issues) {
    const name = String(issue.path[0] ?? '')
    for (const [key, value] of Object.entries(values))
      if (key.toLowerCase() === name.toLowerCase() && Array.isArray(value)) values[key] = value[0] ?? ''
  }
  const second = schema.safeParse(matchKeys(schema, values))
  if (second.success) return second.data
  const message = second.error.issues[0]?.message ?? 'invalid query'
  // What Bacalhau's validator finds, after the binding, stands alone.
  throw message.startsWith('Key: ') ? malformed(message) : bindError(message)
}

/** The form in which Bacalhau tells that a value could not be bound. */
export function bindError(message: string): Error {
  return malformed(`code=400, message=${message}, internal=${message}`)
}
