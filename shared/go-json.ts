import { z } from 'zod'

type Matcher = (value: unknown) => unknown

/** What a schema asks of keys is found out once: the classes of zod are slow to tell apart, and every message and request comes by here. */
const matchers = new WeakMap<z.core.$ZodType, Matcher>()

/**
 * `value` as Go's encoding/json would read it into a struct of this shape: keys are matched without regard to case (an exact match
 * wins), and `null` where the schema takes none counts as absent. Unknown keys stay. The value is not checked otherwise.
 */
export function matchKeys(schema: z.core.$ZodType, value: unknown): unknown {
  // Nothing to look for in most values.
  return typeof value === 'object' && value !== null ? matcherOf(schema)(value) : value
}

function matcherOf(schema: z.core.$ZodType): Matcher {
  let matcher = matchers.get(schema)
  if (matcher === undefined) {
    matcher = makeMatcher(unwrap(schema))
    matchers.set(schema, matcher)
  }
  return matcher
}

function makeMatcher(schema: z.core.$ZodType): Matcher {
  if (schema instanceof z.ZodArray) {
    const { element } = schema
    return (value) => (Array.isArray(value) ? value.map((item: unknown) => matchKeys(element, item)) : value)
  }
  if (schema instanceof z.ZodRecord) {
    const { valueType } = schema
    return (value) =>
      isPlainObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, matchKeys(valueType, item)])) : value
  }
  if (schema instanceof z.ZodObject) {
    const fields = fieldsOf(schema.shape)
    return (value) => (isPlainObject(value) ? matchObject(fields, value) : value)
  }
  return (value) => value
}

interface Field {
  readonly schema: z.core.$ZodType
  readonly takesNull: boolean
}

interface Fields {
  readonly byName: ReadonlyMap<string, Field>
  readonly names: ReadonlyMap<string, string>
}

function fieldsOf(shape: Readonly<Record<string, z.core.$ZodType>>): Fields {
  return {
    byName: new Map(Object.entries(shape).map(([name, schema]) => [name, { schema, takesNull: takesNull(schema) }])),
    names: new Map(Object.keys(shape).map((name) => [name.toLowerCase(), name])),
  }
}

/** The object itself where there is nothing to change, as in all that this program's own processes send each other. */
function matchObject({ byName, names }: Fields, value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const matched: [string, unknown][] = []
  let isSame = true
  for (const entry of Object.entries(value)) {
    const [key, item] = entry
    const name = byName.has(key) ? key : (names.get(key.toLowerCase()) ?? key)
    const field = byName.get(name)
    const isAbsent = (name !== key && Object.hasOwn(value, name)) || (field !== undefined && item === null && !field.takesNull)
    const read = isAbsent || field === undefined ? item : matchKeys(field.schema, item)
    if (!isAbsent) matched.push(name === key && read === item ? entry : [name, read])
    isSame &&= !isAbsent && name === key && read === item
  }
  return isSame ? value : Object.fromEntries(matched)
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
