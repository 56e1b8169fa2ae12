import { computeStates } from '../../../shared/models/execution'
import { ApiError } from '../../http/reply/api-error'
import { JsonText } from '../../http/reply/json-text'
import type { HandlersFor } from '../../http/route-handlers'
import { findJob } from '../queries/find-job'
import type { JobCore } from '../jobs/job-core'
import type { JobRecord, ReadonlyJobState } from '../jobs/job-state'
import { jsonOf, pageOf } from '../queries/job-texts'
import { listExecutions } from '../queries/list-executions'
import { listHistory } from '../queries/list-history'
import { listJobs } from '../queries/list-jobs'

/** Routes that change nothing. */
export type JobReadRoute = 'jobs' | 'job' | 'jobHistory' | 'jobExecutions' | 'jobVersions' | 'jobResults'

/** So many entries of the history come with a job. */
const includedHistory = 100

/** The routes that tell of jobs and change nothing. A history tells only what is stored: who follows it is never told something else later. */
export function jobReadHandlers(core: Pick<JobCore, 'state' | 'settled' | 'untold'>): HandlersFor<JobReadRoute> {
  const state = (): ReadonlyJobState => core.state
  const find = (id: string, namespace: string | undefined): JobRecord => findJob(state(), id, namespace)
  return {
    jobs: ({ query }) => {
      const { items, nextToken } = listJobs(state(), { ...query, orderBy: query.order_by ?? '', nextToken: query.next_token ?? '' })
      return new JsonText(pageOf(items, nextToken))
    },
    job: async ({ params, query }) => {
      const include = (query.include ?? '').split(',').map((word) => word.trim())
      if (include.includes('history')) await core.settled()
      const record = find(params.id, query.namespace)
      const version = query.job_version
      const job = version === 0 ? record.latest : record.versions.get(version)
      if (job === undefined)
        throw new ApiError('NotFound', `job version ${String(version)} not found for job ${record.id}`, { component: 'JobStore' })
      const parts = [`"Job":${jsonOf(job)}`]
      if (include.includes('history'))
        parts.push(`"History":${historyOf(record, { limit: includedHistory, version, untold: core.untold(record.id) })}`)
      if (include.includes('executions')) {
        const executions = listExecutions(record, { namespace: '', limit: 0, orderBy: '', reverse: false, version, allVersions: false })
        parts.push(`"Executions":${pageOf(executions, '')}`)
      }
      return new JsonText(`{${parts.join(',')}}`)
    },
    jobHistory: async ({ params, query, header }) => {
      await core.settled()
      const record = find(params.id, query.namespace)
      const { items, nextToken } = listHistory(record, {
        untold: core.untold(record.id),
        limit: query.limit,
        nextToken: query.next_token ?? '',
        since: query.since,
        eventType: query.event_type ?? '',
        executionId: query.execution_id ?? '',
        version: query.job_version,
        allVersions: query.all_job_versions,
      })
      if (!wantsOldHistory(header('X-Bacalhau-Git-Version'))) return new JsonText(pageOf(items, nextToken))
      const old = items.map((item) => ({ ...item, ...(item.Type === 'JobLevel' ? { JobState: {} } : { ExecutionState: {} }) }))
      return new JsonText(pageOf(old, nextToken))
    },
    jobExecutions: ({ params, query }) => {
      const executions = listExecutions(find(params.id, query.namespace), {
        namespace: query.namespace ?? '',
        limit: query.limit,
        orderBy: query.order_by ?? '',
        reverse: query.reverse,
        version: query.job_version,
        allVersions: query.all_job_versions,
      })
      return new JsonText(pageOf(executions, ''))
    },
    jobVersions: ({ params, query }) => {
      const { versions } = find(params.id, query.namespace)
      return new JsonText(
        pageOf(
          [...versions.values()].sort((a, b) => a.Version - b.Version),
          '',
        ),
      )
    },
    jobResults: ({ params, query }) => {
      const { latest, executions } = find(params.id, query.namespace)
      if (latest.Type !== 'batch' && latest.Type !== 'ops') {
        throw new ApiError('InternalError', `Internal server error: a ${latest.Type} job has no results, it runs until it is stopped`, {
          component: 'Unknown',
        })
      }
      const results = [...executions.values()].filter(
        ({ JobVersion, ComputeState, PublishedResult }) =>
          JobVersion === latest.Version && ComputeState.StateType === computeStates.Completed && PublishedResult.Type !== '',
      )
      return new JsonText(
        pageOf(
          results.map(({ PublishedResult }) => PublishedResult),
          '',
        ),
      )
    },
  }
}

/** The first entries of a job's history, without a token, as in Bacalhau. */
function historyOf(record: JobRecord, query: { readonly limit: number; readonly version: number; readonly untold: number }): string {
  const { items } = listHistory(record, { ...query, nextToken: '', since: 0, eventType: '', executionId: '', allVersions: false })
  return pageOf(items, '')
}

/** Clients before 1.5 read a state beside each entry. */
function wantsOldHistory(clientVersion: string | undefined): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)\./.exec(clientVersion ?? '') ?? []
  if (major === undefined || minor === undefined || clientVersion?.startsWith('v0.0.0') === true) return false
  return Number(major) < 1 || (Number(major) === 1 && Number(minor) < 5)
}
