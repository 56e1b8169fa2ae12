/** A JSON Schema, or a part of one, as plain data. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
}

/** Whether a value is an object of the kind that schemas are made of. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A copy without the bounds that only say that a whole number fits into a double. */
export function withoutDoubleBounds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDoubleBounds)
  if (!isSchema(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([keyword, bound]) => !((keyword === 'maximum' || keyword === 'minimum') && Math.abs(Number(bound)) === Number.MAX_SAFE_INTEGER))
      .map(([keyword, inner]) => [keyword, withoutDoubleBounds(inner)]),
  )
}
