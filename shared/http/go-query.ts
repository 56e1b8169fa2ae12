import { z } from 'zod'

/** What a query's texts stand for, for those who describe them. */
export const queryKinds = z.registry<{ readonly kind: 'boolean' | 'uint32' | 'timestamp' }>()

/** Go's strconv.ParseBool, empty meaning false. Refused words give 400. */
export const goBool = z
  .string()
  .optional()
  .transform((value, context) => {
    if (value === undefined || value === '' || ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value)) return false
    if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)) return true
    context.addIssue({ code: 'custom', message: `strconv.ParseBool: parsing "${value}": invalid syntax` })
    return z.NEVER
  })
  .register(queryKinds, { kind: 'boolean' })
/** An unsigned 32-bit number; empty means 0. */
export const goUint32 = z
  .string()
  .optional()
  .transform((value, context) => {
    if (value === undefined || value === '') return 0
    const isNumber = /^\d+$/.test(value)
    if (isNumber && Number(value) <= 0xffff_ffff) return Number(value)
    context.addIssue({ code: 'custom', message: `strconv.ParseUint: parsing "${value}": ${isNumber ? 'value out of range' : 'invalid syntax'}` })
    return z.NEVER
  })
  .register(queryKinds, { kind: 'uint32' })
/** A signed whole number of 64 bits, not negative; empty means 0. `name` is the field's as Bacalhau's validator tells it. */
export const goTimestamp = (name: string) =>
  z
    .string()
    .optional()
    .transform((value, context) => {
      if (value === undefined || value === '') return 0
      if (!/^[+-]?\d{1,18}$/.test(value)) {
        context.addIssue({ code: 'custom', message: `strconv.ParseInt: parsing "${value}": invalid syntax` })
        return z.NEVER
      }
      const seconds = Number(value)
      if (seconds >= 0) return seconds
      context.addIssue({
        code: 'custom',
        message: `Key: '${name}' Error:Field validation for '${name.split('.').at(-1) ?? ''}' failed on the 'min' tag`,
      })
      return z.NEVER
    })
    .register(queryKinds, { kind: 'timestamp' })
