/** Runs tasks one after the other within a key, side by side between keys. Tasks must not reject. */
export function createSerialQueues(limit: number) {
  const queues = new Map<string, { waiting: number; tail: Promise<void> }>()
  return {
    /** False when the key has `limit` tasks waiting already; the task is not run then. */
    run(key: string, task: () => Promise<void>): boolean {
      const queue = queues.get(key) ?? { waiting: 0, tail: Promise.resolve() }
      if (queue.waiting >= limit) return false
      queue.waiting++
      queue.tail = queue.tail.then(task).then(() => {
        queue.waiting--
        if (queue.waiting === 0) queues.delete(key)
      })
      queues.set(key, queue)
      return true
    },
  }
}
