import { ZERO_TIME } from '../models/node'

export { ZERO_TIME }

const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/

/** A moment as Go's `time.Time` writes it in JSON (RFC 3339, UTC). A number is Unix milliseconds, a bigint Unix nanoseconds. */
export function goTime(moment: number | bigint): string {
  if (typeof moment === 'number') return goTimeOfMs(moment)
  const nanoseconds = moment
  const fraction = ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n
  const seconds = (nanoseconds - fraction) / 1_000_000_000n
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19)
  const digits = fraction.toString().padStart(9, '0').replace(/0+$/, '')
  return `${whole}${digits === '' ? '' : `.${digits}`}Z`
}

function goTimeOfMs(ms: number): string {
  const [whole = '', milliseconds = ''] = new Date(ms).toISOString().slice(0, -1).split('.')
  const digits = milliseconds.replace(/0+$/, '')
  return `${whole}${digits === '' ? '' : `.${digits}`}Z`
}

/** Unix nanoseconds of an RFC 3339 time with any number of fraction digits and any offset; undefined for what Go would refuse. */
export function goTimeToNanoseconds(text: string): bigint | undefined {
  const match = form.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', sign = '+', offsetHours = '0', offsetMinutes = '0'] = match
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  const isRealDay = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
  if (!isRealDay || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || Number(offsetHours) > 24 || Number(offsetMinutes) > 60)
    return undefined
  const offset = (sign === '-' ? -1 : 1) * (Number(offsetHours) * 60 + Number(offsetMinutes))
  const seconds = date.getTime() / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offset * 60
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'))
}

/** Unix milliseconds, rounded down; undefined for what Go would refuse. The zero time is a large negative number (`isZeroTime`). */
export function goTimeToMs(text: string): number | undefined {
  const nanoseconds = goTimeToNanoseconds(text)
  if (nanoseconds === undefined) return undefined
  return Number((nanoseconds - (((nanoseconds % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n)
}

/** Whether Go would take it for a time. */
export const isGoTime = (text: string): boolean => goTimeToNanoseconds(text) !== undefined
/** Whether it is Go’s zero time, in whatever spelling. */
export const isZeroTime = (text: string): boolean => goTimeToMs(text) === goTimeToMs(ZERO_TIME)
