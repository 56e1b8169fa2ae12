import type { ResourcesSpec, Task } from '../models/job'
import type { Resources } from '../models/resources'
import { normaliseQuantity, parseBytes, parseCpu, parseGpus } from '../quantity'

const axes = [
  { key: 'CPU', word: 'CPU', parse: parseCpu },
  { key: 'Memory', word: 'memory', parse: parseBytes },
  { key: 'Disk', word: 'disk', parse: parseBytes },
  { key: 'GPU', word: 'GPU', parse: parseGpus },
] as const

/** What is wrong with the amounts that a task asks for, in Bacalhau's words. */
export function quantityFaults(spec: ResourcesSpec): string[] {
  return axes.flatMap(({ key, word, parse }) => {
    const text = normaliseQuantity(spec[key] ?? '')
    return text === '' || parse(text) !== undefined ? [] : [`invalid ${word} value: ${text}`]
  })
}

/** Cores, bytes and a count out of texts; what is missing, zero or not understood is left out. */
export function parseQuantities(spec: ResourcesSpec | undefined): Resources {
  return Object.fromEntries(
    axes.flatMap(({ key, parse }) => {
      const amount = parse(normaliseQuantity(spec?.[key] ?? ''))
      return amount === undefined || amount === 0 ? [] : [[key, amount]]
    }),
  )
}

/** What one execution of a task takes of its node. */
export function taskResources(task: Pick<Task, 'Resources'>): Resources {
  return parseQuantities(task.Resources)
}
