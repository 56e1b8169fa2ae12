import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ConnectionEvent,
  HANDSHAKE_REQUIRED,
  NO_ORCHESTRATOR,
  type Phase,
  type PolicyContext,
  retryDelayMs,
  step,
} from '../../../../electron/compute/connection/connection-policy'

const peer = { address: 'nats://h:4222', serverName: 'orch' }
const fail = (code: string) => ({ code, message: code })
const at = (ms: number, random = 0.5): PolicyContext => ({ now: 1_000_000 + ms, monotonicMs: ms, random, heartbeatIntervalMs: 1000 })

/** Runs events from a stopped start; answers the last step and all effects. */
function play(...events: (ConnectionEvent | [number, ConnectionEvent])[]): { phase: Phase; effects: string[]; last: string[] } {
  let phase: Phase = { kind: 'stopped' }
  const effects: string[] = []
  let last: string[] = []
  for (const entry of events) {
    const [ms, event] = Array.isArray(entry) ? entry : ([0, entry] as const)
    const next = step(phase, event, at(ms))
    phase = next.phase
    last = next.effects.map((effect) => effect.kind)
    effects.push(...last)
  }
  return { phase, effects, last }
}
const up: ConnectionEvent = { kind: 'link-up', peer, again: false }
const upAgain: ConnectionEvent = { kind: 'link-up', peer, again: true }
const joined: ConnectionEvent[] = [{ kind: 'start' }, up, { kind: 'handshake-accepted' }, { kind: 'heartbeat-answered' }]

describe('the policy of a connection', () => {
  it('dials, shakes hands, and only then sends heartbeats', () => {
    expect(play({ kind: 'start' })).toMatchObject({ phase: { kind: 'dialling' }, effects: ['dial'] })
    expect(play({ kind: 'start' }, up)).toMatchObject({ phase: { kind: 'shaking-hands' }, last: ['shake-hands'] })
    expect(play(...joined)).toMatchObject({ phase: { kind: 'connected', attempt: 0 }, effects: ['dial', 'shake-hands', 'start-heartbeats'] })
  })

  it('waits 250 ms first, then twice as long each time, up to 10 s', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 100].map((attempt) => retryDelayMs(attempt, 0.5))).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000])
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, random) => {
        const ms = retryDelayMs(attempt, random)
        expect(ms).toBeGreaterThanOrEqual(187)
        expect(ms).toBeLessThanOrEqual(12_500)
      }),
    )
  })

  it.each(['nats.refused', 'nats.unreachable', 'nats.tls'])('dials again after %s, later each time', (code) => {
    const failed: ConnectionEvent = { kind: 'dial-failed', failure: fail(code) }
    const first = play({ kind: 'start' }, failed)
    expect(first).toMatchObject({ phase: { kind: 'waiting', attempt: 1, nextTryAt: 1_000_250 }, last: ['set-timer'] })
    expect(play({ kind: 'start' }, failed, { kind: 'timer' }, failed)).toMatchObject({ phase: { kind: 'waiting', attempt: 2, nextTryAt: 1_000_500 } })
    expect(play({ kind: 'start' }, failed, { kind: 'timer' }).last).toEqual(['dial'])
  })

  it('asks again on the living link when it was turned away', () => {
    const away: ConnectionEvent = { kind: 'handshake-failed', failure: fail('handshake.rejected') }
    expect(play({ kind: 'start' }, up, away)).toMatchObject({ phase: { kind: 'waiting', attempt: 1 } })
    expect(play({ kind: 'start' }, up, away, { kind: 'timer' }).last).toEqual(['shake-hands'])
  })

  it('shakes hands at once when that is asked for, on the living link', () => {
    expect(play(...joined, { kind: 'heartbeat-failed', failure: fail(HANDSHAKE_REQUIRED) })).toMatchObject({
      phase: { kind: 'shaking-hands' },
      last: ['stop-heartbeats', 'shake-hands'],
    })
  })

  it('does not run in circles with an orchestrator that always asks for a handshake', () => {
    const demanded: ConnectionEvent = { kind: 'heartbeat-failed', failure: fail(HANDSHAKE_REQUIRED) }
    const round: ConnectionEvent[] = [{ kind: 'handshake-accepted' }, demanded]
    const { phase } = play(...joined, demanded, ...round, { kind: 'timer' }, ...round, { kind: 'timer' }, ...round)
    expect(phase).toMatchObject({ kind: 'waiting', attempt: 4, nextTryAt: 1_000_000 + retryDelayMs(4, 0.5) })
  })

  it('introduces itself anew after the link found a server again, a moment later', () => {
    const lost = play(...joined, { kind: 'link-down', failure: fail('nats.lost') })
    expect(lost).toMatchObject({ phase: { kind: 'offline' }, last: ['stop-heartbeats'] })
    const back = play(...joined, { kind: 'link-down', failure: fail('nats.lost') }, upAgain)
    expect(back.phase).toMatchObject({ kind: 'waiting', nextTryAt: 1_000_050 })
    expect(play(...joined, { kind: 'link-down', failure: fail('nats.lost') }, upAgain, { kind: 'timer' }).last).toEqual(['shake-hands'])
  })

  it('tells a token that is no longer taken', () => {
    expect(
      play(...joined, { kind: 'link-down', failure: fail('nats.lost') }, { kind: 'link-refused', failure: fail('nats.refused') }).phase,
    ).toMatchObject({
      kind: 'offline',
      attempt: 1,
      failure: { code: 'nats.refused' },
    })
  })

  it('looks for the orchestrator again when nobody listens to heartbeats', () => {
    expect(play(...joined, { kind: 'heartbeat-failed', failure: fail(NO_ORCHESTRATOR) })).toMatchObject({
      phase: { kind: 'waiting', attempt: 1 },
      last: ['stop-heartbeats', 'set-timer'],
    })
  })

  it('bears unanswered heartbeats for five intervals, then connects anew', () => {
    const silent = (ms: number): [number, ConnectionEvent] => [ms, { kind: 'heartbeat-failed', failure: fail('orchestrator.silent') }]
    expect(play(...joined, silent(1000), silent(4999)).phase.kind).toBe('connected')
    expect(play(...joined, silent(1000), silent(5000))).toMatchObject({ phase: { kind: 'dialling' }, last: ['stop-heartbeats', 'dial'] })
    expect(play(...joined, silent(4000), [4500, { kind: 'heartbeat-answered' }], silent(9000)).phase.kind).toBe('connected')
  })

  it('connects anew when token or addresses change, and never after it was stopped', () => {
    expect(play(...joined, { kind: 'reconfigured' })).toMatchObject({ phase: { kind: 'dialling', attempt: 0 }, last: ['stop-heartbeats', 'dial'] })
    expect(play(...joined, { kind: 'stop' })).toMatchObject({ phase: { kind: 'stopped' }, last: ['stop-heartbeats'] })
  })

  it('never stops trying, whatever happens in whatever order: something is always under way', () => {
    const event = fc.oneof(
      fc.constantFrom<ConnectionEvent>(
        up,
        upAgain,
        { kind: 'handshake-accepted' },
        { kind: 'heartbeat-answered' },
        { kind: 'timer' },
        { kind: 'reconfigured' },
      ),
      fc
        .constantFrom<string>('nats.refused', HANDSHAKE_REQUIRED, NO_ORCHESTRATOR, 'x')
        .chain((code) =>
          fc.constantFrom<ConnectionEvent>(
            { kind: 'dial-failed', failure: fail(code) },
            { kind: 'link-down', failure: fail(code) },
            { kind: 'link-refused', failure: fail(code) },
            { kind: 'handshake-failed', failure: fail(code) },
            { kind: 'heartbeat-failed', failure: fail(code) },
          ),
        ),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(60_000), event), { maxLength: 100 }), (events) => {
        const run = { phase: { kind: 'stopped' } as Phase, beats: false, pending: '' }
        const apply = (ms: number, next: ConnectionEvent): void => {
          const result = step(run.phase, next, at(ms))
          run.phase = result.phase
          for (const { kind } of result.effects) {
            if (kind === 'start-heartbeats') run.beats = true
            else if (kind === 'stop-heartbeats') {
              expect(run.beats).toBe(true)
              run.beats = false
            } else run.pending = kind
          }
        }
        apply(0, { kind: 'start' })
        for (const [ms, next] of events) {
          apply(ms, next)
          expect(run.beats).toBe(run.phase.kind === 'connected')
          if (run.phase.kind === 'dialling') expect(run.pending).toBe('dial')
          if (run.phase.kind === 'shaking-hands') expect(run.pending).toBe('shake-hands')
          if (run.phase.kind === 'waiting') expect(run.pending).toBe('set-timer')
        }
      }),
      { numRuns: 500 },
    )
  })
})
