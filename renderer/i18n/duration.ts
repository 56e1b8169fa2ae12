import { t } from './i18n'

/** Between figure and unit, and between two parts of one span: a line never breaks there. */
const NBSP = '\u00a0'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const pair = (larger: string, smaller: string): string => larger + NBSP + smaller
const seconds = (n: number): string => `${n}${NBSP}${t('unit.second')}`
const minutes = (n: number): string => `${n}${NBSP}${t('unit.minute')}`
const hours = (n: number): string => `${n}${NBSP}${t('unit.hour')}`
const days = (n: number): string => `${n}${NBSP}${t('unit.day')}`

/** A span in its two largest units: `4 s`, `1 m 52 s`, `2 h 35 m`, `2 d 6 h`. Negative spans (clocks that differ) count as none. */
export function span(ms: number): string {
  const whole = Math.max(0, ms)
  if (whole < MINUTE) return seconds(Math.floor(whole / SECOND))
  if (whole < HOUR) return pair(minutes(Math.floor(whole / MINUTE)), seconds(Math.floor((whole % MINUTE) / SECOND)))
  if (whole < DAY) return pair(hours(Math.floor(whole / HOUR)), minutes(Math.floor((whole % HOUR) / MINUTE)))
  return pair(days(Math.floor(whole / DAY)), hours(Math.floor((whole % DAY) / HOUR)))
}

/** A span in its largest unit, for narrow columns: `4 s`, `24 m`, `3 h`, `2 d`. */
export function roughSpan(ms: number): string {
  const whole = Math.max(0, ms)
  if (whole < MINUTE) return seconds(Math.floor(whole / SECOND))
  if (whole < HOUR) return minutes(Math.floor(whole / MINUTE))
  if (whole < DAY) return hours(Math.floor(whole / HOUR))
  return days(Math.floor(whole / DAY))
}

/** A short span with what matters of it: `22 ms`, `0.4 s`, `17 s`, then as `span`. */
export function exactSpan(ms: number): string {
  const whole = Math.max(0, ms)
  if (whole < 100) return `${Math.round(whole)}${NBSP}${t('unit.millisecond')}`
  return freshSpan(whole)
}

/** The age of something that comes every few seconds: `0.6 s`, `1.1 s`, `17 s`, then as `span`. */
export function freshSpan(ms: number): string {
  const whole = Math.max(0, ms)
  return whole < 9950 ? `${(whole / SECOND).toFixed(1)}${NBSP}${t('unit.second')}` : span(whole)
}

/** Seconds still to go, never 0 while something is still awaited: `43 s`, `1 m 2 s`. */
export function remaining(ms: number): string {
  return span(Math.max(SECOND, Math.ceil(ms / SECOND) * SECOND))
}
