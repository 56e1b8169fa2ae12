import { z } from 'zod'

/**
 * `value` as Go's encoding/json would read it into a struct of this shape: keys are matched without regard to case (an exact match
 * wins), and `null` where the schema takes none counts as absent. Unknown keys stay. The value is not checked otherwise.
 */
export function matchKeys(schema: z.core.$ZodType, value: unknown): unknown {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodArray && Array.isArray(value)) return value.map((item: unknown) => matchKeys(inner.element, item))
  if (!isPlainObject(value)) return value
  if (inner instanceof z.ZodRecord) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, matchKeys(inner.valueType, item)]))
  if (inner instanceof z.ZodObject) return matchObject(inner.shape, value)
  return value
}

function matchObject(shape: Readonly<Record<string, z.core.$ZodType>>, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const matched = new Map<string, unknown>()
  for (const [key, item] of Object.entries(value)) {
    const name = Object.hasOwn(shape, key) ? key : (foldedNames(shape).get(key.toLowerCase()) ?? key)
    if (name !== key && Object.hasOwn(value, name)) continue
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined
    if (schema === undefined) matched.set(name, item)
    else if (item !== null || takesNull(schema)) matched.set(name, matchKeys(schema, item))
  }
  return Object.fromEntries(matched)
}

const folded = new WeakMap<object, ReadonlyMap<string, string>>()

function foldedNames(shape: Readonly<Record<string, z.core.$ZodType>>): ReadonlyMap<string, string> {
  let names = folded.get(shape)
  if (names === undefined) {
    names = new Map(Object.keys(shape).map((name) => [name.toLowerCase(), name]))
    folded.set(shape, names)
  }
  return names
}

function takesNull(schema: z.core.$ZodType): boolean {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodNull || schema instanceof z.ZodUnknown) return true
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return takesNull(schema.unwrap())
  return false
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrap(schema.unwrap())
  if (schema instanceof z.ZodPipe) return unwrap(schema.in)
  return schema
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
