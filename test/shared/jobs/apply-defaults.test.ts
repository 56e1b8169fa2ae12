import { describe, expect, it } from 'vitest'
import { applyDefaults, shippedDefaults } from '../../../shared/jobs/apply-defaults'
import type { JobDefaults } from '../../../shared/jobs/apply-defaults'
import { normalizeJob } from '../../../shared/jobs/normalize-job'
import { readJob } from '../../../shared/jobs/read-job'
import { sampleSpec } from './sample-spec'

const own = {
  Priority: 7,
  Task: { Resources: { CPU: '1', Disk: '1 GB' }, Publisher: { Type: 'local', Params: {} }, Timeouts: { ExecutionTimeout: 60, TotalTimeout: 90 } },
}
const defaults: JobDefaults = { ...shippedDefaults, Batch: own, Service: own }
const filled = (fields: Readonly<Record<string, unknown>>, task?: Readonly<Record<string, unknown>>) =>
  applyDefaults(normalizeJob(readJob(sampleSpec(fields, task))).job, defaults)

describe('applyDefaults', () => {
  it('fills in what is empty', () => {
    const job = filled({})
    expect(job.Priority).toBe(7)
    expect(job.Tasks[0]).toMatchObject({
      Resources: { CPU: '1', Disk: '1gb' },
      Publisher: { Type: 'local' },
      Timeouts: { ExecutionTimeout: 60, TotalTimeout: 90 },
    })
  })

  it('leaves what is given', () => {
    const job = filled({ Priority: 1 }, { Resources: { cpu: '2' }, Publisher: { Type: 's3' }, Timeouts: { TotalTimeout: 5 } })
    expect(job.Priority).toBe(1)
    expect(job.Tasks[0]).toMatchObject({
      Resources: { CPU: '2', Disk: '1gb' },
      Publisher: { Type: 's3' },
      Timeouts: { ExecutionTimeout: 60, TotalTimeout: 5 },
    })
  })

  it('gives jobs that do not end neither publisher nor limits', () => {
    expect(filled({ Type: 'service' }).Tasks[0]).toMatchObject({ Publisher: { Type: '' }, Timeouts: {}, Resources: { CPU: '1' } })
  })

  it('ships what Bacalhau ships', () => {
    expect(filled({ Type: 'ops' }).Tasks[0]?.Resources).toEqual({ CPU: '500m', Memory: '512mb' })
  })
})
