import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeSockets } from '../../../../electron/orchestrator/presence/socket-policy'
import type { LiveSocket } from '../../../../electron/orchestrator/presence/socket-table'

const socket = (clientId: number, takesMessages?: boolean): LiveSocket => ({
  clientId,
  host: '10.0.0.1',
  since: 1,
  heardAt: 1,
  settled: true,
  ...(takesMessages === undefined ? {} : { takesMessages }),
})

describe('a node judged by its connections', () => {
  it('comes back when one of them listens, not by a legacy probe', () => {
    expect(judgeSockets('cut-off', [socket(2, true)], false).rejoins).toBe(true)
    expect(judgeSockets('cut-off', [socket(2, false), socket(3)], false).rejoins).toBe(false)
    expect(judgeSockets('away', [socket(2, true)], false).rejoins).toBe(false)
  })

  it('is cut off when one ended and, for certain, none of the others listens', () => {
    expect(judgeSockets('connected', [socket(2, false)], true).isCutOff).toBe(true)
    expect(judgeSockets('connected', [socket(2)], true).isCutOff).toBe(false)
    expect(judgeSockets('connected', [socket(2, false), socket(3, true)], true).isCutOff).toBe(false)
  })

  it('has rivals under its name only where several listen', () => {
    expect(judgeSockets('connected', [socket(3, true), socket(2, false), socket(1, true)], false).rivals.map(({ clientId }) => clientId)).toEqual([
      3, 1,
    ])
    expect(judgeSockets('connected', [socket(3, true), socket(2, false)], false).rivals).toEqual([])
  })

  it('is never cut off while nothing has ended, nor while anything listens', () => {
    const sockets = fc.array(
      fc.option(fc.boolean(), { nil: undefined }).map((takes) => socket(1, takes)),
      { maxLength: 4 },
    )
    fc.assert(
      fc.property(fc.constantFrom('connected' as const, 'cut-off' as const, 'away' as const), sockets, fc.boolean(), (presence, all, doubtful) => {
        const verdict = judgeSockets(presence, all, doubtful)
        if (!doubtful || all.some(({ takesMessages }) => takesMessages === true)) expect(verdict.isCutOff).toBe(false)
        expect(verdict.rejoins && verdict.isCutOff).toBe(false)
      }),
    )
  })
})
