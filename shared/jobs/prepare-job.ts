import { AppError } from '../errors'
import type { Job } from '../models/job'
import { applyDefaults } from './apply-defaults'
import type { JobDefaults } from './apply-defaults'
import { modernizeWasm } from './legacy-wasm'
import { normalizeJob } from './normalize-job'
import { readJob } from './read-job'
import { storeFaults, submissionFaults } from './validate-job'

interface PrepareOptions {
  readonly defaults: JobDefaults
  /** Makes an ID for a job that has none, or may not choose. */
  readonly newId: () => string
  /** Added to the job's own `Meta`. */
  readonly meta?: Readonly<Record<string, string>>
}

/**
 * Everything between what somebody sends and the job that can be stored, in Bacalhau's order: read, checked,
 * normalised, sanitised, named, given defaults, brought into today's form and checked once more.
 * @throws AppError `job.empty`, `job.unreadable`, `job.invalid` (as sent), `job.incomplete` (with defaults); the message is Bacalhau's
 */
export function prepareJob(input: unknown, { defaults, newId, meta = {} }: PrepareOptions): { readonly job: Job; readonly warnings: string[] } {
  const spec = readJob(input)
  refuse('job.invalid', submissionFaults(spec))
  const { job, warnings } = normalizeJob(spec)
  const id = job.ID === '' ? newId() : job.ID
  const named = { ...job, ID: id, Name: job.Name === '' ? id : job.Name, Meta: { ...job.Meta, ...meta } }
  const whole = modernizeWasm(applyDefaults(named, defaults))
  refuse('job.incomplete', storeFaults(whole))
  return { job: whole, warnings }
}

function refuse(code: string, faults: readonly string[]): void {
  if (faults.length > 0) throw new AppError(code, faults.join('\n'), { hint: 'Correct the job and send it again.' })
}
