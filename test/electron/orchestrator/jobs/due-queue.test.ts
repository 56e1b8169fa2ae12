import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DueQueue } from '../../../../electron/orchestrator/jobs/due-queue'

it('gives things back in the order in which they are due, and none early', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.integer({ min: 0, max: 50 }), (dues, now) => {
      const queue = new DueQueue<number>()
      for (const due of dues) queue.add(due, due)
      expect(queue.nextAt).toBe(dues.length === 0 ? undefined : Math.min(...dues))
      const taken: number[] = []
      for (let one = queue.take(now); one !== undefined; one = queue.take(now)) taken.push(one)
      expect(taken).toEqual(dues.filter((due) => due <= now).sort((a, b) => a - b))
    }),
  )
})
