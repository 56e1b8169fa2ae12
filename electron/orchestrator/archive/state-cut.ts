import type { MessageIndex, MessageNumbers } from '../dispatch/message-index'
import type { JobRecord, JobState } from '../jobs/job-state'
import { bodyOf, type JobBody } from './archived-record'

/** All jobs that are not archived, as they were at one moment, while they go on. */
export interface StateCut {
  readonly size: number
  /** To be read once; a job is looked at when its turn comes. */
  readonly jobs: Iterable<JobBody>
  /** Of the jobs that have been read. */
  readonly messages: Iterable<readonly [string, MessageNumbers]>
  /** Nothing more is kept for it. */
  end(): void
}

interface Kept {
  readonly body: JobBody
  readonly messages: readonly (readonly [string, MessageNumbers])[]
}

/**
 * Cuts the state at this moment, at which memory must be exactly what is stored. Nothing is copied for it but names: a job that changes
 * before its turn is kept as it was, by the change itself. There is one cut at a time.
 */
export function cutState(state: JobState, index: MessageIndex): StateCut {
  const ids = [...state.open, ...state.ended]
  const read = new Set<string>()
  const kept = new Map<string, Kept>()
  const messages: (readonly [string, MessageNumbers])[] = []

  const keep = (record: JobRecord): Kept => ({
    body: bodyOf(record),
    messages: [...record.executions.keys()].flatMap((id) => {
      const numbers = index.get(id)
      return numbers === undefined ? [] : [[id, numbers] as const]
    }),
  })
  const beforeChange = (record: JobRecord): void => {
    if (!read.has(record.id) && !kept.has(record.id)) kept.set(record.id, keep(record))
  }
  state.beforeChange = beforeChange

  function* jobs(): Iterable<JobBody> {
    for (const id of ids) {
      const record = state.job(id)
      const one = kept.get(id) ?? (record === undefined ? undefined : keep(record))
      read.add(id)
      kept.delete(id)
      if (one === undefined) continue
      messages.push(...one.messages)
      yield one.body
    }
  }
  return {
    size: ids.length,
    jobs: jobs(),
    messages,
    end: () => {
      if (state.beforeChange === beforeChange) state.beforeChange = undefined
    },
  }
}
