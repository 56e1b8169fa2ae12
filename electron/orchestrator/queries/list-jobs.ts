import { matchesLabels } from '../../../shared/label-selector'
import { AppError } from '../../../shared/errors'
import type { Job } from '../../../shared/models/job'
import { ApiError, malformed } from '../../http/reply/api-error'
import { readSelector } from './read-selector'
import type { JobRecord, ReadonlyJobState } from '../jobs/job-state'
import { readPagingToken, writePagingToken } from './paging-token'

/** What `GET /jobs` was asked; a token's own limit and order win over those beside it. */
interface JobListQuery {
  readonly namespace?: string | undefined
  readonly labels?: string | readonly string[] | undefined
  /** 0: all of them. */
  readonly limit: number
  readonly orderBy: string
  readonly reverse: boolean
  readonly nextToken: string
}

/** One page of jobs, oldest first unless told otherwise. @throws ApiError 400, and 500 for an order that nobody knows, as in Bacalhau */
export function listJobs(state: ReadonlyJobState, query: JobListQuery): { readonly items: readonly Job[]; readonly nextToken: string } {
  const { limit, sortBy, reverse, offset } = readPosition(query)
  if (!['', 'created_at', 'modified_at'].includes(sortBy)) {
    throw new ApiError('InternalError', `Internal server error: OrderBy ${sortBy} not supported for listJobs`, {
      component: 'Unknown',
      hint: 'Use created_at or modified_at.',
    })
  }
  const selector = readSelector(query.labels)
  const { namespace = '' } = query
  const everywhere = namespace === '' || namespace === '*'
  const fitting: JobRecord[] = []
  for (const record of state.jobs.values()) {
    const { Namespace, Labels } = record.head
    if ((everywhere || Namespace === namespace) && (selector.length === 0 || matchesLabels(selector, Labels))) fitting.push(record)
  }
  if (sortBy === 'modified_at') fitting.sort((a, b) => a.head.ModifyTime - b.head.ModifyTime)
  if (reverse) fitting.reverse()
  const page = limit === 0 ? fitting.slice(offset) : fitting.slice(offset, offset + limit)
  const items = page.map(({ latest }) => latest)
  const end = offset + items.length
  const nextToken = end < fitting.length ? writePagingToken({ sortBy, reverse, limit, offset: end }) : ''
  return { items, nextToken }
}

function readPosition({ nextToken, limit, orderBy, reverse }: JobListQuery) {
  if (nextToken === '') return { limit, sortBy: orderBy, reverse, offset: 0 }
  try {
    return readPagingToken(nextToken)
  } catch (error) {
    throw error instanceof AppError ? malformed(error.message) : error
  }
}
