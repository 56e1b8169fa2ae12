import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createNackGate } from '../../../../electron/transport/ncl/nack-gate'

describe('the gate behind a refusal', () => {
  it('is open at first', () => {
    const gate = createNackGate()
    expect(gate.admits(5)).toBe(true)
    expect(gate.admits(undefined)).toBe(true)
  })

  it('lets nothing later pass until the sender has started again there or earlier', () => {
    const gate = createNackGate()
    gate.taken(4)
    expect(gate.refused(5)).toBe(1)
    expect(gate.admits(6)).toBe(false)
    expect(gate.refused(6)).toBe(2)
    expect(gate.admits(7)).toBe(false)
    expect(gate.admits(5)).toBe(true)
    gate.taken(5)
    expect(gate.admits(6)).toBe(true)
  })

  it('opens for an earlier message too: senders start again further back', () => {
    const gate = createNackGate()
    gate.refused(5)
    expect(gate.admits(2)).toBe(true)
    expect(gate.admits(3)).toBe(true)
  })

  it('takes the highest number seen for a refused message without one', () => {
    const gate = createNackGate()
    gate.taken(3)
    gate.taken(8)
    gate.refused(undefined)
    expect(gate.admits(9)).toBe(false)
    expect(gate.admits(8)).toBe(true)
  })

  it('counts refusals in a row from one again after a message was taken', () => {
    const gate = createNackGate()
    expect([gate.refused(1), gate.refused(1), gate.refused(1)]).toEqual([1, 2, 3])
    gate.taken(1)
    expect(gate.refused(2)).toBe(1)
  })

  it('never takes a later message right after a refused one, in any order of events', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()), { maxLength: 40 }), (messages) => {
        const gate = createNackGate()
        let refusedAt: number | undefined
        for (const [sequence, isGood] of messages) {
          const isTaken = gate.admits(sequence) && isGood
          if (isTaken) {
            if (refusedAt !== undefined) expect(sequence).toBeLessThanOrEqual(refusedAt)
            refusedAt = undefined
            gate.taken(sequence)
          } else {
            refusedAt = refusedAt === undefined ? sequence : Math.min(refusedAt, sequence)
            gate.refused(sequence)
          }
        }
      }),
    )
  })
})
