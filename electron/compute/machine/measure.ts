import { promises as fs } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { dirname } from 'node:path'
import type { Machine } from './allocation'
import { type CgroupLimits, readCgroupLimits } from './cgroup'

/**
 * CPU, memory and disk that this process can count on: processors it may run on, physical memory, free space of the disk
 * that `folder` is on; the first two bounded by control groups. Without GPUs, which take their time (`gpus.ts`).
 * `folder` need not exist yet.
 */
export async function measureMachine(folder: string): Promise<Machine> {
  const [limits, Disk] = await Promise.all([readCgroupLimits(), freeSpace(folder)])
  return { ...bound({ CPU: availableParallelism(), Memory: totalmem() }, limits), Disk, GPUs: [] }
}

/** Pure: what is left when both the machine and the control group have their say. */
export function bound(machine: { readonly CPU: number; readonly Memory: number }, limits: CgroupLimits): { CPU: number; Memory: number } {
  return { CPU: Math.min(machine.CPU, limits.CPU ?? Infinity), Memory: Math.min(machine.Memory, limits.Memory ?? Infinity) }
}

/** Room on the disk that `folder`, which need not exist, is or will be on: bytes that this user may have. */
export async function freeSpace(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await fs.statfs(folder)
    return bavail * bsize
  } catch (error) {
    const parent = dirname(folder)
    if (parent === folder) throw error
    return freeSpace(parent)
  }
}
