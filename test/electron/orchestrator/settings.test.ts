import { expect, it } from 'vitest'
import { readSettings } from '../../../electron/orchestrator/settings'
import { defaultConfig } from '../../../shared/config/schema'

const { Orchestrator } = defaultConfig

it('takes every key from its place', () => {
  const settings = readSettings({
    ...Orchestrator,
    NodeManager: { DisconnectTimeout: '5s', ManualApproval: true },
    Scheduler: { ...Orchestrator.Scheduler, QueueBackoff: '3s', HousekeepingTimeout: '7s' },
    EvaluationBroker: { ...Orchestrator.EvaluationBroker, MaxRetryCount: 4 },
    Jobs: { KeepFor: '1h0m0s', KeepAtMost: 12 },
  })
  expect(settings).toMatchObject({
    disconnectTimeoutMs: 5000,
    manualApproval: true,
    scheduler: { queueBackoffMs: 3000, timeoutGraceMs: 7000 },
    mostTries: 4,
    retention: { maxAgeMs: 3_600_000, maxJobs: 12 },
  })
})

it('has the defaults of the schema where nothing is said, and tries everything once at least', () => {
  const { jobDefaults, ...rest } = readSettings(Orchestrator)
  expect(jobDefaults).toBeUndefined()
  expect(readSettings({ NodeManager: Orchestrator.NodeManager })).toMatchObject(rest)
  expect(readSettings({ ...Orchestrator, EvaluationBroker: { MaxRetryCount: 0 } }).mostTries).toBe(1)
})
