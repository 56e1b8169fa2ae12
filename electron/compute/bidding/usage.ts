import { taskResources } from '../../../shared/jobs/task-resources'
import type { Task } from '../../../shared/models/job'
import type { Resources } from '../../../shared/models/resources'
import { formatBytes, formatCpu } from '../../../shared/quantity'

/** What counts for a task that names no amount of its own. */
const least = { CPU: 0.1, Memory: 100 * 1024 * 1024 } as const

const axes = ['CPU', 'Memory', 'Disk', 'GPU'] as const

/** What an execution takes of its node: on each axis the greatest of what was asked for, what every program takes, and its inputs' size as disk (bytes). */
export function usageOf(task: Pick<Task, 'Resources'>, inputBytes: number): Resources {
  const asked = taskResources(task)
  const usage: Resources = {
    CPU: asked.CPU ?? least.CPU,
    Memory: asked.Memory ?? least.Memory,
    Disk: Math.max(asked.Disk ?? 0, inputBytes),
    GPU: asked.GPU ?? 0,
  }
  return Object.fromEntries(Object.entries(usage).filter(([, amount]) => amount !== 0))
}

/** Whether `usage` fits into `room` on every axis. */
export function fits(usage: Resources, room: Resources): boolean {
  return axes.every((axis) => (usage[axis] ?? 0) <= (room[axis] ?? 0) + tolerance(axis))
}

/** Cores are added and taken away as fractions. */
function tolerance(axis: (typeof axes)[number]): number {
  return axis === 'CPU' ? 1e-9 : 0
}

/** On every axis; nothing goes below zero. GPUs by index are left out. */
export function minus(from: Resources, usage: Resources): Resources {
  return onEveryAxis((axis) => Math.max(0, (from[axis] ?? 0) - (usage[axis] ?? 0)))
}

/** On every axis. GPUs by index are left out. */
export function plus(one: Resources, other: Resources): Resources {
  return onEveryAxis((axis) => (one[axis] ?? 0) + (other[axis] ?? 0))
}

function onEveryAxis(amount: (axis: (typeof axes)[number]) => number): Resources {
  return Object.fromEntries(
    axes.flatMap((axis) => {
      const value = axis === 'CPU' ? Math.round(amount(axis) * 1e6) / 1e6 : amount(axis)
      return value === 0 ? [] : [[axis, value]]
    }),
  )
}

/** As words: `CPU: 2, memory: 1 GB, disk: 0 B, GPU: 0`. */
export function printResources({ CPU = 0, Memory = 0, Disk = 0, GPU = 0 }: Resources): string {
  return `CPU: ${formatCpu(CPU)}, memory: ${formatBytes(Memory)}, disk: ${formatBytes(Disk)}, GPU: ${GPU}`
}
