import type { Job } from '../../../shared/models/job'

/** Jobs that wait for a node: higher priority first, then the older one. */
export class WaitingJobs {
  readonly #jobs = new Map<string, Job>()
  #order: readonly string[] | undefined

  get size(): number {
    return this.#jobs.size
  }

  has(id: string): boolean {
    return this.#jobs.has(id)
  }

  add(job: Job): void {
    const before = this.#jobs.get(job.ID)
    if (before === undefined || before.Priority !== job.Priority) this.#order = undefined
    this.#jobs.set(job.ID, job)
  }

  remove(id: string): void {
    if (this.#jobs.delete(id)) this.#order = undefined
  }

  /** Ids in the order in which they are to be tried. */
  inOrder(): readonly string[] {
    this.#order ??= [...this.#jobs.values()].sort(byUrgency).map(({ ID }) => ID)
    return this.#order
  }

  clear(): void {
    this.#jobs.clear()
    this.#order = undefined
  }
}

function byUrgency(a: Job, b: Job): number {
  return b.Priority - a.Priority || a.CreateTime - b.CreateTime || (a.ID < b.ID ? -1 : 1)
}
