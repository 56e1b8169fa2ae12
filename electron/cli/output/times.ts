/** Nanoseconds since 1970 as a date. */
export function dateOfNanoseconds(nanoseconds: number): Date {
  return new Date(nanoseconds / 1e6)
}

/** `2026-01-02 03:04:05` in the time zone of this machine. */
export function localDateTime(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** `03:04:05.006` in the time zone of this machine. */
export function localTimeOfDay(date: Date): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** How long ago something was, in the two largest units: `2d3h ago`, `5m4s ago`, `0s ago`. */
export function elapsed(from: Date, now: Date): string {
  const total = Math.max(0, Math.floor((now.getTime() - from.getTime()) / 1000))
  const [days, hours, minutes, seconds] = [Math.floor(total / 86_400), Math.floor(total / 3600) % 24, Math.floor(total / 60) % 60, total % 60]
  const units: readonly (readonly [number, string])[] = [
    [days, 'd'],
    [hours, 'h'],
    [minutes, 'm'],
    [seconds, 's'],
  ]
  const first = units.findIndex(([count]) => count > 0)
  if (first < 0) return '0s ago'
  const parts = units.slice(first, first + 2).filter(([count]) => count > 0)
  return `${parts.map(([count, unit]) => `${count}${unit}`).join('')} ago`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
