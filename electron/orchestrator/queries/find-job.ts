import { ApiError } from '../../http/reply/api-error'
import type { JobRecord, ReadonlyJobState } from '../jobs/job-state'

/**
 * The job meant by `asked`: its name in the namespace (`default` unless told), else its id or the beginning of it, in any namespace.
 * @throws ApiError `NotFound`, `MultipleJobsFound`, `MultipleJobIDsForSameNameFound`
 */
export function findJob(state: ReadonlyJobState, asked: string, namespace: string | undefined): JobRecord {
  const named = state.byName(namespace === undefined || namespace === '' ? 'default' : namespace, asked)
  if (named.length > 1) {
    throw new ApiError('MultipleJobIDsForSameNameFound', `multiple jobs found for name ${asked}`, { component: 'JobStore', hint: 'Use full job ID' })
  }
  const record = state.job(named[0] ?? asked)
  if (record !== undefined) return record
  if (isWholeId(asked)) throw jobNotFound(asked)
  const [first, second] = beginningWith(state, asked)
  if (first === undefined) throw jobNotFound(asked)
  if (second !== undefined)
    throw new ApiError('MultipleJobsFound', `multiple jobs found for id ${asked}`, { component: 'JobStore', hint: 'Use full job ID' })
  return first
}

/** Up to two jobs whose id begins so. */
function beginningWith(state: ReadonlyJobState, prefix: string): JobRecord[] {
  const found: JobRecord[] = []
  for (const [id, record] of state.jobs) {
    if (!id.startsWith(prefix)) continue
    found.push(record)
    if (found.length === 2) break
  }
  return found
}

const isWholeId = (text: string): boolean => /^(?:[a-z]-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** No job has that id or name. */
export function jobNotFound(asked: string): ApiError {
  return new ApiError('NotFound', `job not found: ${asked}`, { component: 'JobStore' })
}
