import { describe, expect, it } from 'vitest'
import { createSerialQueues } from '../../../../electron/transport/ncl/serial-queues'

/** Machines that run tests may be busy. */
const patiently = { timeout: 10_000, interval: 5 }

function gatedTask(log: string[], name: string): { task: () => Promise<void>; open: () => void } {
  let open = (): void => undefined
  const gate = new Promise<void>((resolve) => (open = resolve))
  return {
    task: async () => {
      log.push(`begin ${name}`)
      await gate
      log.push(`end ${name}`)
    },
    open,
  }
}

describe('createSerialQueues', () => {
  it('runs tasks of a key in turn and of different keys side by side', async () => {
    const log: string[] = []
    const queues = createSerialQueues(10)
    const [first, second, other] = ['a1', 'a2', 'b1'].map((name) => gatedTask(log, name))
    if (first === undefined || second === undefined || other === undefined) throw new Error('three tasks')
    queues.run('a', first.task)
    queues.run('a', second.task)
    queues.run('b', other.task)
    await expect.poll(() => log, patiently).toEqual(['begin a1', 'begin b1'])
    second.open()
    other.open()
    await expect.poll(() => log, patiently).toEqual(['begin a1', 'begin b1', 'end b1'])
    first.open()
    await expect.poll(() => log.slice(3), patiently).toEqual(['end a1', 'begin a2', 'end a2'])
  })

  it('refuses more than its limit of one key, until there is room again', async () => {
    const log: string[] = []
    const queues = createSerialQueues(2)
    const { task, open } = gatedTask(log, 'a')
    expect(queues.run('a', task)).toBe(true)
    expect(queues.run('a', () => Promise.resolve())).toBe(true)
    expect(queues.run('a', () => Promise.resolve())).toBe(false)
    expect(queues.run('b', () => Promise.resolve())).toBe(true)
    open()
    await expect.poll(() => queues.run('a', () => Promise.resolve()), patiently).toBe(true)
  })
})
