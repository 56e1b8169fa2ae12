import { AppError } from '../../../shared/errors'
import type { JobHistory } from '../../../shared/models/job-history'
import { isTerminalExecution } from '../../../shared/models/execution-state'
import { terminalJobStates } from '../../../shared/models/job'
import { goTimeToMs } from '../../../shared/wire/times'
import { ApiError, malformed } from '../../http/reply/api-error'
import type { JobRecord, StoredExecution } from '../jobs/job-state'
import { readPagingToken, writePagingToken } from './paging-token'

/** What `GET /jobs/:id/history` was asked. */
interface HistoryQuery {
  readonly limit: number
  readonly nextToken: string
  /** Unix seconds. */
  readonly since: number
  readonly eventType: string
  /** Or the beginning of one. */
  readonly executionId: string
  /** 0: the latest one. */
  readonly version: number
  readonly allVersions: boolean
  /** So many of the newest entries are left out: they come later. */
  readonly untold?: number
}

/** Entries in their order, and where the next page begins; empty when there is none. */
interface HistoryPage {
  readonly items: readonly JobHistory[]
  readonly nextToken: string
}

const defaultLimit = 100
const types = new Map<string, JobHistory['Type'] | undefined>([
  ['', undefined],
  ['all', undefined],
  ['job', 'JobLevel'],
  ['execution', 'ExecutionLevel'],
])

/**
 * One page of a job's history. Its token is empty only when nothing can follow: a reader who asks again with a token follows the job.
 * @throws ApiError 400, `NotFound` for an unknown execution
 */
export function listHistory(record: JobRecord, query: HistoryQuery): HistoryPage {
  if (!types.has(query.eventType)) {
    throw malformed("Key: 'ListJobHistoryRequest.EventType' Error:Field validation for 'EventType' failed on the 'oneof' tag")
  }
  const position = readPosition(query.nextToken)
  const limit = query.limit || position.limit || defaultLimit
  const { executionId } = query
  const execution = executionId === '' ? undefined : findExecution(record, executionId)
  const type = types.get(query.eventType)
  const version = query.version || (query.allVersions ? 0 : record.latest.Version)
  const items: JobHistory[] = []
  let at = firstFrom(record.history, position.offset)
  const end = record.history.length - (query.untold ?? 0)
  for (; at < end && items.length < limit; at += 1) {
    const item = record.history[at]
    if (item === undefined) break
    if (executionId !== '' && !(item.ExecutionID ?? '').startsWith(executionId)) continue
    if (type !== undefined && item.Type !== type) continue
    if (version !== 0 && item.JobVersion !== version) continue
    if (query.since > 0 && (goTimeToMs(item.Time) ?? 0) < query.since * 1000) continue
    items.push(item)
  }
  const isOver = execution === undefined ? terminalJobStates.has(record.latest.State.StateType) : isTerminalExecution(execution)
  if (at >= record.history.length && isOver) return { items, nextToken: '' }
  const last = items.at(-1)
  const offset = last === undefined ? position.offset : last.SeqNum + 1
  return { items, nextToken: writePagingToken({ sortBy: '', reverse: false, limit: query.limit, offset }) }
}

/** Index of the first entry numbered `sequence` or higher. */
function firstFrom(history: readonly JobHistory[], sequence: number): number {
  let [low, high] = [0, history.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((history[middle]?.SeqNum ?? 0) < sequence) low = middle + 1
    else high = middle
  }
  return low
}

function readPosition(token: string): { readonly limit: number; readonly offset: number } {
  if (token === '') return { limit: 0, offset: 0 }
  try {
    return readPagingToken(token)
  } catch (error) {
    if (error instanceof AppError) throw new ApiError('BadRequest', `invalid next token: ${error.message}`, { component: 'JobStore' })
    throw error
  }
}

/** @throws ApiError `NotFound`, `MultipleExecutionsFound` */
function findExecution({ executions }: JobRecord, asked: string): StoredExecution {
  const whole = executions.get(asked)
  if (whole !== undefined) return whole
  const [first, second] = [...executions.values()].filter(({ ID }) => ID.startsWith(asked))
  if (first === undefined) throw new ApiError('NotFound', `execution not found: ${asked}`, { component: 'JobStore' })
  if (second !== undefined)
    throw new ApiError('MultipleExecutionsFound', `multiple executions found for id ${asked}`, {
      component: 'JobStore',
      hint: 'Use full execution ID',
    })
  return first
}
