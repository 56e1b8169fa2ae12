import { language, t } from './i18n'

const DAY_MS = 24 * 3600 * 1000
const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
const utcClock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone: 'UTC' })
const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' })
const fullDay = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric' })

/** Parts in the order of the language; `24 Nov`, never `Nov 24` against a time that follows it. */
function dayMonth(at: number): string {
  const parts = day.formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? ''
  return `${of('day')} ${of('month')}`
}

/** `14:13:58`, local time. */
export function clockTime(at: number): string {
  return clock.format(at)
}

/** `14:13:34.020`, local time. */
export function clockTimeWithMillis(at: number): string {
  return `${clock.format(at)}.${String(Math.floor(at) % 1000).padStart(3, '0')}`
}

/** `22 Nov, 08:14`. */
export function dayTime(at: number): string {
  return `${dayMonth(at)}, ${time.format(at)}`
}

/** `14:13:58` within a day of `now`, else `22 Nov, 08:14`. */
export function moment(at: number, now: number): string {
  return Math.abs(now - at) < DAY_MS ? clock.format(at) : dayTime(at)
}

/** For tooltips: `24 Nov 2026, 14:13:40.878`, and the same instant in UTC. */
export function exactMoment(at: number): { readonly local: string; readonly utc: string } {
  const parts = fullDay.formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? ''
  return { local: `${of('day')} ${of('month')} ${of('year')}, ${clockTimeWithMillis(at)}`, utc: t('moment.utc', { time: utcClock.format(at) }) }
}
