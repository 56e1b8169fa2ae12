import { language, t } from './i18n'

const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })
const tenth = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
const hundredth = new Intl.NumberFormat(language, { maximumFractionDigits: 2 })

/** `10,000`. */
export function count(n: number): string {
  return whole.format(n)
}

/** `3.5`, `26`, `0.27`: cores, gigabytes, at most one decimal, below 1 two. */
export function amount(n: number): string {
  return (Math.abs(n) < 1 ? hundredth : tenth).format(n)
}

interface ByteUnit {
  readonly size: number
  readonly name: string
}

/** The decimal unit in which a total of so many bytes is read: MB, GB or TB, as Bacalhau shows them. */
export function byteUnit(total: number): ByteUnit {
  if (total >= 1e12) return { size: 1e12, name: t('unit.terabyte') }
  if (total >= 1e9) return { size: 1e9, name: t('unit.gigabyte') }
  return { size: 1e6, name: t('unit.megabyte') }
}

/** `24.8 GB`. */
export function bytes(n: number): string {
  const unit = byteUnit(n)
  return `${amount(n / unit.size)} ${unit.name}`
}
