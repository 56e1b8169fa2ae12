import type { Job } from '../models/job'
import { normalizeResources, reservedMeta } from './normalize-job'

/**
 * How a submitted job differs from the stored one, for people: a line that begins with `-` is stored, one with `+` submitted. Empty when
 * they ask for the same. What only the server sets is not compared, nor is the case of amounts.
 */
export function diffJob(stored: Job, submitted: Job): string {
  const before = leavesOf(stored)
  const after = leavesOf(submitted)
  const lines = [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)]
    if (old === now) return []
    return [...(old === undefined ? [] : [`- ${path}: ${old}`]), ...(now === undefined ? [] : [`+ ${path}: ${now}`])]
  })
  return lines.length === 0 ? '' : `  Job ${stored.Name}\n${lines.join('\n')}\n`
}

function leavesOf({ Name, Namespace, Type, Priority, Count, Constraints, Meta, Labels, Tasks }: Job): Map<string, string> {
  const leaves = new Map<string, string>()
  const own = Object.fromEntries(Object.entries(Meta).filter(([key]) => !key.startsWith(reservedMeta)))
  const tasks = Tasks.map((task) => ({ ...task, Resources: normalizeResources(task.Resources) }))
  collect({ Name, Namespace, Type, Priority, Count, Constraints, Meta: own, Labels, Tasks: tasks }, '', leaves)
  return leaves
}

function collect(value: unknown, path: string, leaves: Map<string, string>): void {
  if (Array.isArray(value)) {
    value.forEach((item: unknown, index) => collect(item, `${path}[${index}]`, leaves))
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) collect(item, path === '' ? key : `${path}.${key}`, leaves)
  } else if (value !== undefined && value !== null) {
    leaves.set(path, JSON.stringify(value))
  }
}
