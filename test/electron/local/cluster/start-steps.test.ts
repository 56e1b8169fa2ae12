import { expect, test } from 'vitest'
import { isStepOf, stepsToCome, withFailure, withJoin, withReport } from '../../../../electron/local/cluster/start-steps'

const begun = (step: 'ports' | 'api', detail = '') => ({ kind: 'step', step, status: 'begun', detail }) as const
const done = (step: 'ports' | 'api', detail = '', ms?: number) =>
  ({ kind: 'step', step, status: 'done', detail, ...(ms === undefined ? {} : { ms }) }) as const

test('a start without compute nodes has no handshake to wait for', () => {
  expect(stepsToCome(true).map(({ name }) => name)).toEqual(['data-directory', 'ports', 'nats-server', 'state-log', 'api', 'handshake', 'heartbeat'])
  expect(stepsToCome(false).map(({ name }) => name)).toEqual(['data-directory', 'ports', 'nats-server', 'state-log', 'api'])
})

test('a step is begun, then done, with what was told and how long it took', () => {
  let steps = withReport(stepsToCome(true), begun('ports'), 1_000)
  expect(steps[1]).toMatchObject({ status: 'begun', beganAt: 1_000 })
  steps = withReport(steps, done('ports', '4222 NATS', 3), 1_004)
  expect(steps[1]).toMatchObject({ status: 'done', detail: '4222 NATS', ms: 3 })
  expect(withReport(withReport(steps, begun('api'), 2_000), done('api'), 2_050)[4]).toMatchObject({ status: 'done', ms: 50 })
})

test('what is done stays done, whatever a second host says of it', () => {
  const steps = withReport(withReport(stepsToCome(true), done('ports', '4222', 1), 0), begun('ports', 'again'), 9)
  expect(steps[1]).toMatchObject({ status: 'done', detail: '4222' })
})

test('a start that fails breaks at the step on the way, once', () => {
  const failed = withFailure(withReport(stepsToCome(true), begun('ports'), 1_000), 'taken', 1_200)
  expect(failed.filter(({ status }) => status === 'failed')).toMatchObject([{ name: 'ports', detail: 'taken', ms: 200 }])
  expect(withFailure(failed, 'later', 9_999)).toBe(failed)
  expect(withFailure(stepsToCome(true), 'nothing begun', 0)[0]).toMatchObject({ status: 'failed' })
})

test('a node that has joined has done its part, said so or not', () => {
  const steps = withJoin(withReport(stepsToCome(true), { kind: 'step', step: 'handshake', status: 'begun', detail: '' }, 1_000), 1_030)
  expect(steps.slice(-2)).toMatchObject([
    { name: 'handshake', status: 'done', ms: 30 },
    { name: 'heartbeat', status: 'done' },
  ])
  expect(steps[0]).toMatchObject({ status: 'to-come' })
})

test('each role speaks for its own steps', () => {
  expect(isStepOf('orchestrator', 'nats-server')).toBe(true)
  expect(isStepOf('compute', 'api')).toBe(false)
  expect(isStepOf('compute', 'handshake')).toBe(true)
})
