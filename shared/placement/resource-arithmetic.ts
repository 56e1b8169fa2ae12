import type { Resources } from '../models/resources'

/** Cores, bytes, bytes and a count, none of them missing. */
export interface Amounts {
  readonly cpu: number
  readonly memory: number
  readonly disk: number
  readonly gpu: number
}

/** What is not told counts as 0. */
export function amountsOf({ CPU = 0, Memory = 0, Disk = 0, GPU = 0 }: Resources): Amounts {
  return { cpu: CPU, memory: Memory, disk: Disk, gpu: GPU }
}

/** The wire's form of amounts. */
export function resourcesOf({ cpu, memory, disk, gpu }: Amounts): Resources {
  return { CPU: cpu, Memory: memory, Disk: disk, GPU: gpu }
}

const combine = (a: Amounts, b: Amounts, operation: (left: number, right: number) => number): Amounts => ({
  cpu: operation(a.cpu, b.cpu),
  memory: operation(a.memory, b.memory),
  disk: operation(a.disk, b.disk),
  gpu: operation(a.gpu, b.gpu),
})

/** On each axis. */
export const sum = (a: Amounts, b: Amounts): Amounts => combine(a, b, (left, right) => left + right)

/** Never below nothing. */
export const difference = (a: Amounts, b: Amounts): Amounts => combine(a, b, (left, right) => Math.max(0, left - right))

/** Bytes and GPUs are cut off to whole ones, so that one GPU times 1.5 stays one GPU. */
export function multiple({ cpu, memory, disk, gpu }: Amounts, factor: number): Amounts {
  return { cpu: cpu * factor, memory: Math.floor(memory * factor), disk: Math.floor(disk * factor), gpu: Math.floor(gpu * factor) }
}

/** Thousandths of a core are the smallest that anybody asks for; below that differences are rounding errors. */
const cpuTolerance = 1e-6

/** Whether `a` is no more than `b` on any axis; a millionth of a core does not count. */
export function fitsInto(a: Amounts, b: Amounts): boolean {
  return a.cpu <= b.cpu + cpuTolerance && a.memory <= b.memory && a.disk <= b.disk && a.gpu <= b.gpu
}

/** Whether nothing at all is asked for. */
export const isNothing = ({ cpu, memory, disk, gpu }: Amounts): boolean => cpu === 0 && memory === 0 && disk === 0 && gpu === 0

/** `{CPU: 1.00, Memory: 1.1 GB, Disk: 11 GB, GPU: 0}`, as Bacalhau prints amounts. */
export function printAmounts({ cpu, memory, disk, gpu }: Amounts): string {
  return `{CPU: ${cpu.toFixed(2)}, Memory: ${printBytes(memory)}, Disk: ${printBytes(disk)}, GPU: ${gpu}}`
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']

/** Decimal units, one digit after the point below ten: `1.1 GB`, `20 GB`, `512 MB`. */
export function printBytes(bytes: number): string {
  if (bytes < 10) return `${bytes} B`
  const unit = Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3 + 1e-12))
  const value = Math.floor((bytes / 1000 ** unit) * 10 + 0.5) / 10
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${units[unit] ?? 'B'}`
}
