/**
 * Texts of resources ↔ numbers, by Bacalhau's rules: CPU as Kubernetes writes it (`500m`, `0.5`, `2`), memory and disk as
 * sizes for people (`512Mb` = 512,000,000, `512MiB` binary, a bare number = bytes), GPUs as a whole number.
 * Every parser answers `undefined` for a text it does not understand, so that the caller can say which key was wrong.
 */

/** What an unsigned 64-bit number holds. */
const LARGEST = 2 ** 64 - 2048
/** Beyond that a number of thousandths is no longer exact. */
const MOST_CORES = Number.MAX_SAFE_INTEGER / 1000

const sizeUnits: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  ...units(['k', 'm', 'g', 't', 'p', 'e']),
}

function units(letters: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    letters.flatMap((letter, index) => [
      [letter, 1000 ** (index + 1)],
      [`${letter}b`, 1000 ** (index + 1)],
      [`${letter}i`, 1024 ** (index + 1)],
      [`${letter}ib`, 1024 ** (index + 1)],
    ]),
  )
}

/** What Bacalhau does to the resources of a job before it reads them: lower case, no blanks. */
export function normaliseQuantity(text: string): string {
  return text.toLowerCase().replace(/[ \n]/g, '')
}

/** Cores, to a thousandth, the rest cut off: `500m` → 0.5, `1.0009` → 1. */
export function parseCpu(text: string): number | undefined {
  if (/^\+?\d+m$/.test(text)) return atMost(MOST_CORES, Number(text.slice(0, -1)) / 1000)
  const cores = parseGoFloat(text)
  return cores === undefined || text.startsWith('-') ? undefined : atMost(MOST_CORES, Math.trunc(cores * 1000) / 1000)
}

/** Bytes, fractions of a byte cut off: `1.5 GiB` → 1610612736, `1,000` → 1000, `512Mb` → 512000000. */
export function parseBytes(text: string): number | undefined {
  const match = /^([\d.,]+)\s*([a-z]*)\s*$/i.exec(text)
  if (!match) return undefined
  const amount = parseGoFloat((match[1] ?? '').replaceAll(',', ''))
  const unit = sizeUnits[(match[2] ?? '').toLowerCase()]
  if (amount === undefined || unit === undefined) return undefined
  const bytes = Math.floor(amount * unit)
  return atMost(LARGEST, bytes)
}

function atMost(limit: number, value: number): number | undefined {
  return value <= limit ? value : undefined
}

/** A count of GPUs. */
export function parseGpus(text: string): number | undefined {
  if (!/^\d+$/.test(text)) return undefined
  const count = Number(text)
  return Number.isSafeInteger(count) ? count : undefined
}

/** A part of a whole, 0 to 1: `80%` → 0.8. Undefined for a text without `%`, or beyond 0 to 100. */
export function parseShare(text: string): number | undefined {
  if (!text.endsWith('%')) return undefined
  const percent = parseGoFloat(text.slice(0, -1))
  return percent === undefined || percent < 0 || percent > 100 ? undefined : percent / 100
}

/** Whether `text` can stand in `Compute.AllocatedCapacity`: a percentage, or an absolute amount of that resource. Empty means "not set". */
export function isAllocation(resource: 'CPU' | 'Memory' | 'Disk' | 'GPU', text: string): boolean {
  if (text === '') return true
  return text.endsWith('%') ? parseShare(text) !== undefined : amountParsers[resource](text) !== undefined
}

const amountParsers = { CPU: parseCpu, Memory: parseBytes, Disk: parseBytes, GPU: parseGpus } as const

/** `1.5` → `1500m`, 2 → `2`: what `parseCpu` reads back as the same number (of thousandths). */
export function formatCpu(cores: number): string {
  const thousandths = Math.floor(cores * 1000 + 1e-6)
  return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`
}

/** A size for people, decimal units, at most three significant digits: 20221208166 → `20.2 GB`. Not for reading back. */
export function formatBytes(bytes: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']
  let value = bytes
  let unit = 0
  // 999.95 would be shown as 1000: the next unit takes over before that.
  while (value >= 999.95 && unit < names.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${names[unit] ?? 'B'}`
}

/** A decimal number as Go's `strconv.ParseFloat` reads it; hexadecimal, infinite and not-a-number forms are refused. */
function parseGoFloat(text: string): number | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}
