import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beforeInQueue, chooseNext, type Waiting } from '../../../../electron/compute/queue/choose-next'
import { createExecutionQueue } from '../../../../electron/compute/queue/execution-queue'

const item = (id: string, CPU: number, order: number, priority = 0): Waiting => ({ id, usage: { CPU }, order, priority })
const max = { CPU: 4 }

describe('who starts next', () => {
  it('is the one with the highest priority, then the one that came first', () => {
    const line = [item('a', 1, 1), item('b', 1, 2, 5), item('c', 1, 3, 5)].sort(beforeInQueue)
    expect(line.map(({ id }) => id)).toEqual(['b', 'c', 'a'])
    expect(chooseNext(line, [], max)?.id).toBe('b')
  })

  it('is a smaller one while the first does not fit, as long as both would fit together', () => {
    const running = [{ usage: { CPU: 2 }, startedAt: 0 }]
    expect(chooseNext([item('large', 3, 1), item('small', 1, 2)], running, max)?.id).toBe('small')
    expect(chooseNext([item('large', 4, 1), item('small', 1, 2)], running, max)).toBeUndefined()
    // One has passed already: no more room beside the large one.
    expect(chooseNext([item('large', 3, 1), item('small', 1, 5)], [...running, { usage: { CPU: 1 }, startedAt: 3 }], max)).toBeUndefined()
  })
})

describe('the queue of a node', () => {
  const setUp = (cpu = 4, gpus = 0) => {
    const started: string[] = []
    const shares = new Map<string, object>()
    const capacity = {
      CPU: cpu,
      GPU: gpus,
      GPUs: Array.from({ length: gpus }, (_, Index) => ({ Index, Name: 'g', Vendor: 'NVIDIA', Memory: 1, PCIAddress: '' })),
    }
    const queue = createExecutionQueue({
      max: () => capacity,
      start: (id, share) => {
        started.push(id)
        shares.set(id, share)
      },
      onChange: () => undefined,
    })
    return { queue, started, shares, capacity }
  }

  it('refuses what the node can never run, and takes nothing twice', () => {
    const { queue, started } = setUp()
    expect(queue.add('a', { CPU: 5 }, 0)).toBe(false)
    expect(queue.add('b', { CPU: 1 }, 0)).toBe(true)
    expect(queue.add('b', { CPU: 1 }, 0)).toBe(true)
    expect(started).toEqual(['b'])
    expect(queue.load).toEqual({ available: { CPU: 3 }, queued: {}, running: 1, waiting: 0 })
  })

  it('gives GPUs by index, and takes them back', () => {
    const { queue, shares } = setUp(4, 2)
    queue.add('a', { CPU: 1, GPU: 1 }, 0)
    queue.add('b', { CPU: 1, GPU: 1 }, 0)
    queue.add('c', { CPU: 1, GPU: 1 }, 0)
    expect(shares.get('b')).toMatchObject({ GPU: 1, GPUs: [{ Index: 1 }] })
    expect(queue.load).toMatchObject({ available: { CPU: 2 }, queued: { CPU: 1, GPU: 1 } })
    queue.remove('a')
    expect(shares.get('c')).toMatchObject({ GPUs: [{ Index: 0 }] })
  })

  it('forgets one that waits at once when it is removed', () => {
    const { queue, started } = setUp()
    queue.add('a', { CPU: 4 }, 0)
    queue.add('b', { CPU: 4 }, 0)
    queue.add('c', { CPU: 4 }, 0)
    queue.remove('b')
    expect(queue.load).toMatchObject({ queued: { CPU: 4 }, waiting: 1 })
    queue.remove('a')
    expect(started).toEqual(['a', 'c'])
  })

  it('starts those that wait when the node grows', () => {
    const { queue, started, capacity } = setUp(1)
    queue.add('a', { CPU: 1 }, 0)
    queue.add('b', { CPU: 1 }, 0)
    capacity.CPU = 2
    queue.capacityChanged()
    expect(started).toEqual(['a', 'b'])
  })

  it('never gives more than there is, leaks nothing, and starts every one in the end', () => {
    const job = fc.record({ cpu: fc.integer({ min: 1, max: 4 }), priority: fc.integer({ min: 0, max: 2 }) })
    fc.assert(
      fc.property(fc.array(job, { maxLength: 60 }), fc.infiniteStream(fc.nat()), (jobs, choices) => {
        const { queue, started, capacity } = setUp()
        const running: string[] = []
        let seen = 0
        const take = (): void => {
          running.push(...started.slice(seen))
          seen = started.length
          const used = running.reduce((sum, id) => sum + (jobs[Number(id)]?.cpu ?? 0), 0)
          expect(used).toBeLessThanOrEqual(capacity.CPU)
          expect(queue.load.available.CPU ?? 0).toBe(capacity.CPU - used)
        }
        const finishOne = (): void => {
          const [id] = running.splice((choices.next().value ?? 0) % running.length, 1)
          if (id !== undefined) queue.remove(id)
        }
        for (const [index, { cpu, priority }] of jobs.entries()) {
          queue.add(String(index), { CPU: cpu }, priority)
          take()
          if (running.length > 0 && (choices.next().value ?? 0) % 2 === 0) finishOne()
          take()
        }
        while (running.length > 0) {
          finishOne()
          take()
        }
        expect(new Set(started).size).toBe(jobs.length)
        expect(queue.load).toMatchObject({ running: 0, waiting: 0 })
      }),
    )
  })

  it('lets a stream of small ones never keep out a large one', () => {
    const { queue, started } = setUp()
    for (const id of ['s0', 's1', 's2', 's3']) queue.add(id, { CPU: 1 }, 0)
    queue.add('large', { CPU: 4 }, 0)
    for (let number = 4; !started.includes('large'); number += 1) {
      queue.add(`s${number}`, { CPU: 1 }, 0)
      queue.remove(started.at(number - 4) ?? '')
      expect(number).toBeLessThan(20)
    }
  })
})
