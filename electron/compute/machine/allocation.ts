import { AppError } from '../../../shared/errors'
import type { Resources } from '../../../shared/models/resources'
import { parseBytes, parseCpu, parseGpus, parseShare } from '../../../shared/quantity'
import type { Gpu } from './gpus'

/** What there is on a machine, measured. Cores, bytes. */
export interface Machine {
  readonly CPU: number
  readonly Memory: number
  readonly Disk: number
  readonly GPUs: readonly Gpu[]
}

/** `Compute.AllocatedCapacity`, as configured: percentages or amounts. */
export interface AllocatedCapacity {
  readonly CPU: string
  readonly Memory: string
  readonly Disk: string
  readonly GPU: string
}

const defaults: AllocatedCapacity = { CPU: '80%', Memory: '80%', Disk: '80%', GPU: '100%' }
const forms: AllocatedCapacity = { CPU: '80%, 2 or 1500m', Memory: '80%, 4Gb or 512MiB', Disk: '80%, 10Gb or 512MiB', GPU: '100% or 1' }

/**
 * The part of a machine that jobs may use, by Bacalhau's rules: a percentage of what was measured, or an amount as it is
 * (also one beyond the machine). A key left blank has its default; all four blank mean the whole machine. A percentage of
 * GPUs is never rounded down to none.
 * @throws AppError `config.invalid` naming the key
 */
export function allocate(machine: Machine, configured: AllocatedCapacity): Resources {
  const whole = (['CPU', 'Memory', 'Disk', 'GPU'] as const).every((key) => configured[key].trim() === '')
  const textOf = (key: keyof AllocatedCapacity): string => (whole ? '100%' : configured[key].trim() || defaults[key])
  const gpus = gpusOf(textOf('GPU'), machine.GPUs.length)
  return compact({
    CPU: Math.floor(amount('CPU', textOf('CPU'), machine.CPU, parseCpu) * 1000 + 1e-6) / 1000,
    Memory: Math.floor(amount('Memory', textOf('Memory'), machine.Memory, parseBytes)),
    Disk: Math.floor(amount('Disk', textOf('Disk'), machine.Disk, parseBytes)),
    GPU: gpus,
    GPUs: machine.GPUs.slice(0, gpus),
  })
}

function amount(key: keyof AllocatedCapacity, text: string, measured: number, parse: (text: string) => number | undefined): number {
  const share = parseShare(text)
  const value = share === undefined ? parse(text) : measured * share
  if (value !== undefined) return value
  throw new AppError('config.invalid', `Compute.AllocatedCapacity.${key} is "${text}", which is neither a percentage of 0% to 100% nor an amount.`, {
    hint: `Write it like ${forms[key]}.`,
    details: { key: `Compute.AllocatedCapacity.${key}` },
  })
}

function gpusOf(text: string, there: number): number {
  const wanted = amount('GPU', text, there, parseGpus)
  const isShare = parseShare(text) !== undefined
  return isShare && wanted < 1 && there >= 1 ? 1 : Math.floor(wanted)
}

/** As Go writes resources: what is zero or empty is left out. */
export function compact({ CPU, Memory, Disk, GPU, GPUs }: { readonly [Key in keyof Resources]: Resources[Key] | undefined }): Resources {
  const there: { -readonly [Key in keyof Resources]: Resources[Key] } = {}
  if (CPU) there.CPU = CPU
  if (Memory) there.Memory = Memory
  if (Disk) there.Disk = Disk
  if (GPU) there.GPU = GPU
  if (GPUs && GPUs.length > 0) there.GPUs = [...GPUs]
  return there
}
